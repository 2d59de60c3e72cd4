// A dialog over the page; Escape and the backdrop close it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";

const t = messages(SHELL);

interface DialogProps {
  title: string;
  close: () => void;
  /** Makes the dialog a form with a submit button. */
  submit?: { label: string; run: (fields: Record<string, string>) => void; danger?: boolean; busy?: boolean };
  children: ComponentChildren;
}

/** Shows a dialog. */
export function Dialog({ title, close, submit, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const body = (
    <>
      <div class="row between">
        <h2>{title}</h2>
        <button type="button" class="btn quiet icon-only" aria-label={t("close")} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {children}
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
