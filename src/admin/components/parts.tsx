// Small components that all pages share.
import type { ComponentChildren, TargetedEvent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon, type IconName } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { toast } from "./toast.tsx";

const t = messages(SHELL);

interface PageHeadProps {
  title: ComponentChildren;
  text?: ComponentChildren;
  children?: ComponentChildren;
}

/** A page's title, a line below it, and its buttons at the right. */
export function PageHead({ title, text, children }: PageHeadProps) {
  return (
    <header class="page-head">
      <div>
        <h1>{title}</h1>
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

/** The page in place of one that the user's role may not see. */
export function Forbidden() {
  return <p class="answer tone-amber" role="alert">{t("forbidden")}</p>;
}

/** A labelled input. */
export function Field({ label, hint, wide, children }: FieldProps) {
  return (
    <label class={wide ? "field wide" : "field"}>
      <span>{label}</span>
      {children}
      {hint && <small>{hint}</small>}
    </label>
  );
}

interface PlaceProps {
  /** The labels of latitude and longitude. */
  labels: [string, string];
  latitude: number | null;
  longitude: number | null;
  /** Percent of a plan in place of degrees. */
  percent?: boolean;
}

/** The inputs of a position: `latitude` and `longitude` of the surrounding form. */
export function PlaceFields({ labels, latitude, longitude, percent }: PlaceProps) {
  const input = (name: string, limit: number, value: number | null) => (
    <input
      name={name}
      type="number"
      step="any"
      min={percent ? 0 : -limit}
      max={percent ? 100 : limit}
      defaultValue={value ?? ""}
    />
  );
  return (
    <>
      <Field label={labels[0]}>{input("latitude", 90, latitude)}</Field>
      <Field label={labels[1]}>{input("longitude", 180, longitude)}</Field>
    </>
  );
}

interface CopyProps {
  text: string;
  label?: string;
}

/** A button that copies a text; where the browser refuses that, the text is shown selected. */
export function CopyButton({ text, label }: CopyProps) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast(t("copied"));
    } catch {
      copyByHand(text);
    }
  };
  return (
    <button type="button" class="btn small" onClick={() => void copy()}>
      <Icon name="copy" size={16} /> {label ?? t("copy")}
    </button>
  );
}

/** Copies without the clipboard API, which plain http:// pages lack; if that fails, shows the text selected. */
function copyByHand(text: string): void {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (done) toast(t("copied"));
  else prompt(t("copy_by_hand"), text);
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
