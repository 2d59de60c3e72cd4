// A dialog over the page; Escape and the backdrop close it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Signal, useSignal } from "@preact/signals";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { DialogRefusal, type Refusal } from "./refusal.ts";
import { dialog_refusals } from "./toast.tsx";

const t = messages(SHELL);

interface DialogProps {
  title: string;
  close: () => void;
  /** Makes the dialog a form with a submit button. */
  submit?: { label: string; run: (fields: Record<string, string>) => void; danger?: boolean; busy?: boolean };
  children: ComponentChildren;
}

/** Shows a dialog. Errors of what it does are shown in it: at the field that they name, else above its button. */
export function Dialog({ title, close, submit, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const refusal = useSignal<Refusal | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => takeRefusals(refusal), []);
  const field = fieldOf(dialog.current, refusal.value);
  useEffect(() => field?.focus(), [field]);
  const body = (
    <>
      <div class="row between">
        <h2>{title}</h2>
        <button type="button" class="btn quiet icon-only" aria-label={t("close")} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <DialogRefusal.Provider value={refusal.value}>{children}</DialogRefusal.Provider>
      {refusal.value && !field && <p class="answer tone-red" role="alert">{refusal.value.text}</p>}
      {submit && (
        <footer>
          <button type="button" class="btn" onClick={close}>{t("cancel")}</button>
          <button
            type="submit"
            class={submit.danger ? "btn danger" : "btn primary"}
            disabled={submit.busy ?? false}
          >
            {submit.label}
          </button>
        </footer>
      )}
    </>
  );
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onClose={close}
      onClickCapture={(event) => (event.target as Element).closest("button") && (refusal.value = null)}
      onMouseDown={(event) => event.target === dialog.current && close()}
    >
      {submit
        ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const fields = [...new FormData(event.currentTarget)].map((
                [name, value],
              ) => [name, String(value)]);
              submit.run(Object.fromEntries(fields));
            }}
          >
            {body}
          </form>
        )
        : <div class="dialog-body">{body}</div>}
    </dialog>
  );
}

/** Has the errors told in this dialog until the returned function is called. */
function takeRefusals(refusal: Signal<Refusal | null>): () => void {
  dialog_refusals.push(refusal);
  return () => void dialog_refusals.splice(dialog_refusals.indexOf(refusal), 1);
}

/** Returns the input that a refusal names, if it stands in a field, which then shows the sentence. */
function fieldOf(dialog: HTMLDialogElement | null, refusal: Refusal | null): HTMLElement | null {
  if (!dialog || !refusal?.field) return null;
  return dialog.querySelector(`.field > [name="${CSS.escape(refusal.field)}"]`);
}
