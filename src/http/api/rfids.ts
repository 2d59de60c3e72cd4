// /ocpp/rfids/: the RFID table.
import type { Context } from "hono";
import type { Static } from "typebox";
import { checkerOf } from "../../ocpp/schema.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Events } from "../../site/events.ts";
import type { Rfid, Store } from "../../store/store.ts";
import { csvResponse } from "../csv.ts";
import { eachShownTo, seesTags, shownTo, type TagMaskDeps } from "../auth/tag_mask.ts";
import { HttpError, notFound } from "../http_error.ts";
import { checked, readText } from "../input.ts";
import { route } from "../route.ts";
import { Body, FORMAT, named, Nullable, OptionalTime, PAGE, page, pageBehind } from "../schemas.ts";

const SETTABLE = {
  allowed: Type.Optional(Type.Boolean()),
  label: Type.Optional(Type.String({ maxLength: 100 })),
  expires_at: Type.Optional(OptionalTime),
  parent_id_tag: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 20 }))),
};

const Changes = Body(SETTABLE);
type Changes = Static<typeof Changes>;

const NewRfid = Body({
  rfid: Type.String({
    minLength: 1,
    maxLength: 20,
    pattern: "^[^\\s\\x00-\\x1f\\x7f](.*[^\\s\\x00-\\x1f\\x7f])?$",
    "x-expected": "1 to 20 characters without spaces or control characters at either end",
  }),
  ...SETTABLE,
});

const RfidSchema = named(
  "Rfid",
  Type.Object({
    rfid: Type.String({ description: "The tag, compared without regard to case" }),
    allowed: Type.Boolean(),
    label: Type.String(),
    expires_at: OptionalTime,
    parent_id_tag: Nullable(Type.String()),
    last_seen: OptionalTime,
    last_charger_id: Nullable(Type.String()),
    seen_only: Type.Optional(
      Type.Boolean({
        description: "True for an unknown tag that a charger has reported and no operator has decided on",
      }),
    ),
  }),
);

const newChecker = { ...checkerOf(NewRfid), schema: NewRfid };

const COLUMNS = [
  "rfid",
  "allowed",
  "label",
  "expires_at",
  "parent_id_tag",
  "last_seen",
  "last_charger_id",
] as const;

interface RfidDeps extends TagMaskDeps {
  store: Store;
  events: Events;
}

/** The routes of /ocpp/rfids/. */
export const rfidRoutes = [
  route({
    method: "GET",
    path: "/ocpp/rfids/",
    role: "viewer",
    summary: "The RFID table, ordered by tag",
    query: Type.Object({ ...PAGE, ...FORMAT }),
    response: page("rfids", RfidSchema),
    also: { 200: "text/csv" },
    handle({ query: { format, ...query }, c }, deps: RfidDeps) {
      const all = deps.store.rfids.all();
      if (format === "csv") return csvResponse("rfids", COLUMNS, eachShownTo(c, asAsync(all), deps));
      const cursor = tagAsked(query.cursor ?? "", c, deps) ?? "";
      const { records } = pageBehind(
        all,
        { ...query, cursor: cursor.toUpperCase() },
        ({ rfid }) => rfid.toUpperCase(),
      );
      const more = records.length > 0 && records.at(-1) !== all.at(-1);
      return { rfids: records, next: more ? shownTo(c, records.at(-1)!, deps).rfid : null };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/rfids/",
    role: "operator",
    summary: "Add a tag, or import a CSV table",
    audit: { action: "create", kind: "rfid", id: "rfid" },
    body: NewRfid,
    upload: "text/csv",
    response: RfidSchema,
    status: 201,
    also: { 200: Type.Object({ created: Type.Integer(), changed: Type.Integer() }) },
    errors: ["exists", "invalid_csv"],
    async handle({ body: { rfid, ...changes }, c }, deps: RfidDeps) {
      if (rfid === undefined) return c.json(await importCsv(await readText(c), deps));
      const known = deps.store.rfids.get(rfid.toUpperCase());
      if (known && !known.seen_only) {
        throw new HttpError("exists", `Tag ${rfid} already exists`, { values: { kind: "tag", id: rfid } });
      }
      return await save({ ...newRfid(rfid), ...lastUse(known) }, changes, deps);
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/rfids/{rfid}/",
    role: "viewer",
    summary: "A tag",
    response: RfidSchema,
    handle: ({ params, c }, deps: RfidDeps) => rfidNamed(tagAsked(params.rfid, c, deps), deps),
  }),
  route({
    method: "PATCH",
    path: "/ocpp/rfids/{rfid}/",
    role: "operator",
    summary: "Change a tag",
    audit: { action: "change", kind: "rfid", id: "rfid" },
    body: Changes,
    response: RfidSchema,
    handle: ({ params, body }, deps: RfidDeps) => save(rfidNamed(params.rfid, deps), body, deps),
  }),
  route({
    method: "DELETE",
    path: "/ocpp/rfids/{rfid}/",
    role: "operator",
    summary: "Remove a tag",
    audit: { action: "delete", kind: "rfid", id: "rfid" },
    response: null,
    async handle({ params }, deps: RfidDeps) {
      const { rfid } = rfidNamed(params.rfid, deps);
      await deps.store.rfids.delete(rfid.toUpperCase());
      deps.events.emit("rfid_deleted", undefined, () => ({ rfid }));
    },
  }),
];

/** Returns the tag that is asked for: a viewer asks by the mask, and cannot try numbers out. */
function tagAsked(asked: string, c: Context, { store, auth }: RfidDeps): string | undefined {
  return seesTags(c) ? asked : auth.tag_mask.find(asked, store.rfids.all().map(({ rfid }) => rfid));
}

function rfidNamed(rfid: string | undefined, { store }: RfidDeps): Rfid {
  const found = rfid === undefined ? undefined : store.rfids.get(rfid.toUpperCase());
  if (!found) throw notFound("tag", rfid ?? "of this mask", 40);
  return found;
}

function newRfid(rfid: string): Rfid {
  const unseen = { last_seen: null, last_charger_id: null };
  return { rfid, allowed: true, label: "", expires_at: null, parent_id_tag: null, ...unseen };
}

function lastUse(known: Rfid | undefined): Partial<Rfid> {
  return known ? { last_seen: known.last_seen, last_charger_id: known.last_charger_id } : {};
}

async function save(rfid: Rfid, changes: Changes, { store, events }: RfidDeps): Promise<Rfid> {
  const changed = { ...rfid, ...changes } as Rfid;
  delete changed.seen_only; // the operator has decided on it
  await store.rfids.put(changed);
  events.emit("rfid", undefined, () => changed);
  return changed;
}

/** Imports a table whose first line names the columns. All rows are checked before the first is stored. */
async function importCsv(text: string, deps: RfidDeps): Promise<{ created: number; changed: number }> {
  const { parseCsv } = await import("../parse_csv.ts");
  const [head, ...rows] = parseCsv(text);
  if (!head?.includes("rfid")) {
    throw new HttpError("invalid_csv", "The first line must name the columns, including rfid");
  }
  const tags = rows.map((row, index) => tagOf(head, row, index + 2));
  const { rfids } = deps.store;
  const created = new Set(
    tags.filter(({ rfid }) => !rfids.has(rfid.toUpperCase())).map(({ rfid }) => rfid.toUpperCase()),
  );
  const saving = tags.map(({ rfid, ...changes }) =>
    save(rfids.get(rfid.toUpperCase()) ?? newRfid(rfid), changes, deps)
  );
  await Promise.all(saving);
  return { created: created.size, changed: tags.length - created.size };
}

function tagOf(head: string[], row: string[], line: number): Static<typeof NewRfid> {
  const cells = Object.fromEntries(head.map((name, index) => [name, row[index] ?? ""]));
  const tag: Record<string, unknown> = { rfid: cells.rfid };
  if (cells.allowed) tag.allowed = readFlag(cells.allowed, line);
  if (cells.label !== undefined) tag.label = cells.label.replace(/^'(?=[=+\-@])/, "");
  if (cells.expires_at !== undefined) tag.expires_at = cells.expires_at || null;
  if (cells.parent_id_tag !== undefined) tag.parent_id_tag = cells.parent_id_tag || null;
  try {
    return checked(newChecker, tag);
  } catch (error) {
    throw error instanceof HttpError ? badLine(line, error.message) : error;
  }
}

function readFlag(text: string, line: number): boolean {
  if (/^(true|1|yes|si|sí)$/i.test(text)) return true;
  if (/^(false|0|no)$/i.test(text)) return false;
  throw badLine(line, "allowed must be true or false");
}

function badLine(line: number, text: string): HttpError {
  return new HttpError("invalid_csv", `Line ${line}: ${text}`, { values: { line } });
}

async function* asAsync<T>(records: T[]): AsyncGenerator<T> {
  yield* records;
}
