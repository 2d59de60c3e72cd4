// A record that somebody else may save while its form is open.
import { useRef } from "preact/hooks";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";

const t = messages(SHELL);

/** A record as its form was opened with, and the gateway's of now. */
interface Opened<T extends object> {
  opened: T | undefined;
  load: () => Promise<T>;
  /** The fields that the form sets. */
  fields: readonly (keyof T)[];
}

/**
 * Returns the check before a save. Throws Error with a sentence if somebody else has saved one of the form's fields
 * meanwhile; the next save then replaces it. A new record (`opened` undefined) passes.
 */
export function useUnchanged<T extends object>({ opened, load, fields }: Opened<T>): () => Promise<void> {
  const known = useRef(opened);
  const shown = useRef(opened);
  if (shown.current !== opened) shown.current = known.current = opened;
  return async () => {
    if (!known.current) return;
    const now = await load();
    const textOf = (record: T) => JSON.stringify(fields.map((field) => record[field]));
    const same = textOf(known.current) === textOf(now);
    known.current = now;
    if (!same) throw new Error(t("saved_meanwhile"));
  };
}
