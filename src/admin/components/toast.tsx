// Short messages that disappear after some seconds.
import { signal } from "@preact/signals";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";

const t = messages(SHELL);

interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

const toasts = signal<Toast[]>([]);
let last_id = 0;

/** Shows a message for some seconds. */
export function toast(text: string, bad = false): void {
  const id = ++last_id;
  toasts.value = [...toasts.value, { id, text, bad }].slice(-4);
  setTimeout(() => toasts.value = toasts.value.filter((one) => one.id !== id), bad ? 9000 : 4000);
}

/** Shows an error's message. */
export function toastError(error: unknown): void {
  toast(t("failed", { reason: error instanceof Error ? error.message : String(error) }), true);
}

/** The place of the messages on the page. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, bad }) => <p key={id} class={bad ? "toast bad" : "toast"}>{text}</p>)}
    </div>
  );
}
