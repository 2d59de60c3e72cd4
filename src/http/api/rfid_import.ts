// POST /ocpp/rfids/ with a table: its rows are checked, compared with the tags that there are, and stored.
import type { Static } from "typebox";
import { acceptedTags } from "../../i18n/language.ts";
import type { Rfid, Store } from "../../store/store.ts";
import { HttpError } from "../http_error.ts";
import { decodeText, parseCsv } from "../parse_csv.ts";
import { orderOf } from "../written_time.ts";
import type { ImportResult } from "./rfid_import_schema.ts";
import { type CsvRemark, doubtsOf, readRfidTable, type ReadTag } from "./rfid_csv.ts";

/** A tag of a table beside the one that there is. */
export interface PlannedTag extends ReadTag {
  kind: "created" | "changed" | "unchanged";
  changes: Partial<Rfid>;
}

/** A table as it would be imported. */
export interface ImportPlan {
  tags: PlannedTag[];
  remarks: CsvRemark[];
}

/** Returns what the import of a file does. `checkTag` throws HttpError for a tag against the schema. */
export function planImport(
  file: Uint8Array,
  store: Store,
  { accepted, checkTag }: { accepted: string | undefined; checkTag: (tag: unknown) => unknown },
): ImportPlan {
  const language = acceptedTags(accepted)[0];
  const { tags, remarks } = readRfidTable(parseCsv(decodeText(file)), {
    time_zone: store.calendar.time_zone,
    order: language === undefined ? null : orderOf(language),
  });
  const planned = tags.map((read) => ({
    ...read,
    ...comparedWith(store.rfids.get(read.tag.rfid.toUpperCase()), read.tag),
  }));
  const wrong = tags.flatMap((read) => schemaRemark(read, checkTag, remarks));
  const doubts = doubtsOf(tags, store.rfids.all().map(({ rfid }) => rfid));
  return { tags: planned, remarks: [...remarks, ...wrong, ...doubts].sort((a, b) => a.line - b.line) };
}

/** Throws HttpError 400 for a plan with errors: with the first one's sentence, and all of them in its values. */
export function requireNoErrors({ remarks }: ImportPlan): void {
  const errors = remarks.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (!first) return;
  const text = first.code === "no_rfid_column" ? first.text : `Line ${first.line}: ${first.text}`;
  throw new HttpError("invalid_csv", text, { values: { line: first.line, remarks: errors.slice(0, 100) } });
}

/** Returns the answer to an import, or to its preview. */
export function importResult(
  { tags, remarks }: ImportPlan,
  preview: boolean,
): Static<typeof ImportResult> {
  const count = (wanted: PlannedTag["kind"]) =>
    new Set(tags.filter(({ kind }) => kind === wanted).map(({ tag }) => tag.rfid.toUpperCase())).size;
  const rows = tags.map(({ line, tag, kind, changes }) => ({
    line,
    rfid: tag.rfid,
    kind,
    changes: { ...changes },
  }));
  return {
    created: count("created"),
    changed: count("changed"),
    unchanged: count("unchanged"),
    remarks,
    ...(preview ? { rows } : {}),
  };
}

function comparedWith(
  known: Rfid | undefined,
  { rfid: _rfid, ...fields }: ReadTag["tag"],
): Omit<PlannedTag, keyof ReadTag> {
  const entries = Object.entries(fields) as [keyof typeof fields, Rfid[keyof typeof fields]][];
  const changes = Object.fromEntries(entries.filter(([name, value]) => !known || known[name] !== value));
  if (!known) return { kind: "created", changes };
  return {
    kind: entries.some(([name]) => name in changes) || known.seen_only ? "changed" : "unchanged",
    changes,
  };
}

function schemaRemark(
  { line, tag }: ReadTag,
  checkTag: (tag: unknown) => unknown,
  remarks: CsvRemark[],
): CsvRemark[] {
  if (remarks.some((one) => one.line === line && one.severity === "error")) return [];
  try {
    checkTag(tag);
    return [];
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return [{ line, code: "invalid", severity: "error", text: error.message, values: { rfid: tag.rfid } }];
  }
}
