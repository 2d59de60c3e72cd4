// Small components that all pages share.
import { cloneElement, type ComponentChildren, isValidElement, type TargetedEvent, type VNode } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { Icon, type IconName } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { settings } from "../live.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { DialogRefusal } from "./refusal.ts";

const t = messages(SHELL);

/** The router's types leave out that a link, in place of Back, led here. */
type Location = ReturnType<typeof useLocation> & { wasPush: boolean };

interface PageHeadProps {
  title: ComponentChildren;
  text?: ComponentChildren;
  children?: ComponentChildren;
}

/**
 * A page's title, a line below it, and its buttons at the right. The title is also the window's; a page that was
 * navigated to begins there for keyboards and screen readers.
 */
export function PageHead({ title, text, children }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { wasPush } = useLocation() as Location;
  useEffect(() => {
    if (wasPush) scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    const names = [heading.current?.textContent, settings.value?.name || t("gateway")];
    document.title = [...new Set(names)].join(" · ");
  });
  return (
    <header class="page-head">
      <div>
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        {text && <p>{text}</p>}
      </div>
      {children && <div class="row no-print">{children}</div>}
    </header>
  );
}

interface CardProps {
  title?: ComponentChildren;
  side?: ComponentChildren;
  /** Without inner margins, for tables. */
  flush?: boolean;
  children: ComponentChildren;
}

/** A card. */
export function Card({ title, side, flush, children }: CardProps) {
  return (
    <section class={flush ? "card flush" : "card"}>
      {(title || side) && (
        <div class="card-head">
          <h2>{title}</h2>
          {side}
        </div>
      )}
      {children}
    </section>
  );
}

/** The placeholder of an empty list. */
export function Empty({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} size={36} />
      <div>{children}</div>
    </div>
  );
}

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
}

/** A labelled input; it shows the refusal of the dialog that names it. */
export function Field({ label, hint, wide, children }: FieldProps) {
  const refusal = useContext(DialogRefusal);
  const input = isValidElement(children) ? children as VNode<{ name?: string }> : null;
  const wrong = input?.props.name && input.props.name === refusal?.field ? refusal : null;
  return (
    <label class={wide ? "field wide" : "field"}>
      <span>{label}</span>
      {wrong ? cloneElement(input!, { "aria-invalid": true } as object) : children}
      {wrong && <small class="wrong" role="alert">{wrong.text}</small>}
      {hint && <small>{hint}</small>}
    </label>
  );
}

/** Loads a value, and again when `deps` change or `again` is called. */
export function useLoad<T>(load: () => Promise<T>, deps: unknown[]) {
  const [state, setState] = useState<{ value?: T; error?: Error; loading: boolean }>({ loading: true });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    setState((before) => ({ ...before, loading: true }));
    load().then(
      (value) => wanted && setState({ value, loading: false }),
      (error) => wanted && setState((before) => ({ ...before, error, loading: false })),
    );
    return () => void (wanted = false);
  }, [...deps, round]);
  return { ...state, again: () => setRound((n) => n + 1) };
}

/** Shows the progress bar of a load, and its error. */
export function LoadState({ loading, error }: { loading: boolean; error?: Error | undefined }) {
  if (loading) return <div class="busy" role="progressbar" aria-label={t("loading")}></div>;
  return error ? <p class="answer tone-red" role="alert">{t("failed", { reason: error.message })}</p> : null;
}

/** Reads a form's fields as text. */
export function fieldsOf(event: TargetedEvent<HTMLFormElement>): Record<string, string> {
  event.preventDefault();
  return Object.fromEntries(
    [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]),
  );
}
