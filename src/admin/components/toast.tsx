// Short messages that disappear after some seconds, above everything else on the page.
import { type Signal, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ApiError } from "../api.ts";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import type { Refusal } from "./refusal.ts";

const t = messages(SHELL);

interface ToastOptions {
  bad?: boolean;
  /** Takes back what the message tells. */
  undo?: (() => Promise<unknown>) | undefined;
}

interface Toast extends ToastOptions {
  id: number;
  text: string;
}

const toasts = signal<Toast[]>([]);
let last_id = 0;

/** The refusals that open dialogs show, the one on top last: its errors are told there, not below its backdrop. */
export const dialog_refusals: Signal<Refusal | null>[] = [];

/** Shows a message for some seconds. */
export function toast(text: string, { bad, undo }: ToastOptions = {}): void {
  const id = ++last_id;
  toasts.value = [...toasts.value, { id, text, bad: bad ?? false, undo }].slice(-4);
  setTimeout(() => drop(id), bad || undo ? 9000 : 4000);
}

function drop(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

/** Shows an error's message: in the dialog on top, at the field that it names, else as a toast. */
export function toastError(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  const { field } = (error instanceof ApiError ? error.body.values ?? {} : {}) as { field?: unknown };
  const dialog = dialog_refusals.at(-1);
  if (dialog) dialog.value = { field: String(field ?? ""), text };
  else toast(t("failed", { reason: text }), { bad: true });
}

/** The place of the messages: in the browser's top layer, and above dialogs that were opened before. */
export function Toasts() {
  const place = useRef<HTMLDivElement>(null);
  const shown = toasts.value;
  useEffect(() => {
    place.current?.hidePopover?.();
    if (shown.length > 0) place.current?.showPopover?.();
  }, [shown]);
  return (
    <div ref={place} class="toasts" popover="manual" role="status" aria-live="polite">
      {shown.map(({ id, text, bad, undo }) => (
        <p key={id} class={bad ? "toast bad" : "toast"}>
          {text} {undo && (
            <button
              type="button"
              onClick={() => void undo().then(() => toast(t("undone")), toastError).then(() => drop(id))}
            >
              {t("undo")}
            </button>
          )}
        </p>
      ))}
    </div>
  );
}
