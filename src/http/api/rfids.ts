// /ocpp/rfids/: the RFID table.
import type { Context } from "hono";
import type { Static } from "typebox";
import { checkerOf } from "../../ocpp/schema.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Events } from "../../site/events.ts";
import type { Rfid } from "../../store/store.ts";
import { csvResponse } from "../csv.ts";
import { type AuditDeps, recordAudit } from "../auth/audit.ts";
import { eachShownTo, seesTags, shownTo, type TagMaskDeps } from "../auth/tag_mask.ts";
import { HttpError, notFound } from "../http_error.ts";
import { bodyLimitOf, checked, readBytes } from "../input.ts";
import { route } from "../route.ts";
import { ImportResult } from "./rfid_import_schema.ts";
import { RFID_COLUMNS, rfidRow } from "./rfid_csv.ts";
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

interface RfidDeps extends TagMaskDeps, AuditDeps {
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
      if (format === "csv") {
        return csvResponse("rfids", RFID_COLUMNS, rowsOf(eachShownTo(c, asAsync(all), deps)));
      }
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
    audit: null, // by the handler: a preview changes nothing
    query: Type.Object({
      preview: Type.Optional(
        Type.Enum(["true"], { description: "Answers what a table would change, and stores nothing" }),
      ),
    }),
    body: NewRfid,
    upload: "text/csv",
    response: RfidSchema,
    status: 201,
    also: { 200: ImportResult },
    errors: ["exists", "invalid_csv"],
    async handle({ query: { preview }, body: { rfid, ...changes }, c }, deps: RfidDeps) {
      if (rfid === undefined) return c.json(await importCsv(c, preview === "true", deps));
      const known = deps.store.rfids.get(rfid.toUpperCase());
      if (known && !known.seen_only) {
        throw new HttpError("exists", `Tag ${rfid} already exists`, { values: { kind: "tag", id: rfid } });
      }
      const created = await save({ ...newRfid(rfid), ...lastUse(known) }, changes, deps);
      recordAudit(c, { action: "create", kind: "rfid", id: rfid, details: { rfid, ...changes } }, deps);
      return created;
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

/** Imports a table. All rows are checked before the first is stored. */
async function importCsv(c: Context, preview: boolean, deps: RfidDeps): Promise<Static<typeof ImportResult>> {
  const { importResult, planImport, requireNoErrors } = await import("./rfid_import.ts");
  const file = await readBytes(c, bodyLimitOf(c));
  const { rfids } = deps.store;
  const plan = planImport(file, deps.store, {
    accepted: c.req.header("accept-language"),
    checkTag: (tag) => checked(newChecker, tag),
  });
  if (preview) return importResult(plan, true);
  requireNoErrors(plan);
  const done: Promise<Rfid>[] = [];
  for (const { tag: { rfid, ...changes }, kind } of plan.tags) {
    if (kind !== "unchanged") done.push(save(rfids.get(rfid.toUpperCase()) ?? newRfid(rfid), changes, deps));
  }
  await Promise.all(done);
  const { remarks: _remarks, ...details } = importResult(plan, false);
  recordAudit(c, { action: "import", kind: "rfid", id: "", details }, deps);
  return importResult(plan, false);
}

async function* asAsync<T>(records: T[]): AsyncGenerator<T> {
  yield* records;
}

async function* rowsOf(rfids: AsyncIterable<Rfid>): AsyncGenerator<Record<string, unknown>> {
  for await (const rfid of rfids) yield rfidRow(rfid);
}
