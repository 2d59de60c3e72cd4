// /ocpp/rfids/: the RFID table.
import type { Static } from "typebox";
import { type Context, Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import type { Rfid } from "../../store/store.ts";
import { HttpError } from "../http_error.ts";
import { csvResponse } from "../csv.ts";
import { checked, OptionalTime, queryLimit, readBody, readText } from "../input.ts";
import type { Services } from "../services.ts";

const SETTABLE = {
  allowed: Type.Optional(Type.Boolean()),
  label: Type.Optional(Type.String({ maxLength: 100 })),
  expires_at: Type.Optional(OptionalTime),
  parent_id_tag: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 20 }), Type.Null()])),
};

/** What a tag's PATCH may hold. */
export const RfidChanges = Type.Object(SETTABLE, { additionalProperties: false });
/** What a tag's POST may hold. */
export const NewRfid = Type.Object(
  {
    rfid: Type.String({
      minLength: 1,
      maxLength: 20,
      pattern: "^[^\\s\\x00-\\x1f\\x7f](.*[^\\s\\x00-\\x1f\\x7f])?$",
      "x-expected": "1 to 20 characters without spaces or control characters at either end",
    }),
    ...SETTABLE,
  },
  { additionalProperties: false },
);

type Changes = Static<typeof RfidChanges>;

const changesChecker = { ...checkerOf(RfidChanges), schema: RfidChanges };
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

/** The routes of the RFID table. */
export function rfidRoutes(services: Services): Hono {
  const { rfids } = services.store;
  const app = new Hono({ strict: false });
  app.get(
    "/",
    (c) =>
      c.req.query("format") === "csv"
        ? csvResponse("rfids", COLUMNS, asAsync(rfids.all()))
        : list(c, services),
  );
  app.post("/", async (c) => {
    if (/^text\/csv\b/i.test(c.req.header("content-type") ?? "")) {
      return c.json(await importCsv(await readText(c), services));
    }
    const { rfid, ...changes } = await readBody(c, newChecker);
    const known = rfids.get(rfid.toUpperCase());
    if (known && !known.seen_only) throw new HttpError(409, `Tag ${rfid} already exists`);
    return c.json(await save({ ...newRfid(rfid), ...lastUse(known) }, changes, services), 201);
  });
  app.get("/:rfid", (c) => c.json(rfidNamed(c.req.param("rfid"), services)));
  app.patch("/:rfid", async (c) => {
    rfidNamed(c.req.param("rfid"), services);
    const changes = await readBody(c, changesChecker);
    return c.json(await save(rfidNamed(c.req.param("rfid"), services), changes, services));
  });
  app.delete("/:rfid", async (c) => {
    const { rfid } = rfidNamed(c.req.param("rfid"), services);
    await rfids.delete(rfid.toUpperCase());
    services.events.emit("rfid_deleted", undefined, () => ({ rfid }));
    return c.body(null, 204);
  });
  return app;
}

function list(c: Context, { store }: Services): Response {
  const limit = queryLimit(c);
  const after = (c.req.query("cursor") ?? "").toUpperCase();
  const rfids = store.rfids.all().filter(({ rfid }) => rfid.toUpperCase() > after);
  const next = rfids.length > limit ? rfids[limit - 1]!.rfid : null;
  return c.json({ rfids: rfids.slice(0, limit), next });
}

function rfidNamed(rfid: string, { store }: Services): Rfid {
  const found = store.rfids.get(rfid.toUpperCase());
  if (!found) throw new HttpError(404, `There is no tag ${rfid.slice(0, 40)}`);
  return found;
}

function newRfid(rfid: string): Rfid {
  const unseen = { last_seen: null, last_charger_id: null };
  return { rfid, allowed: true, label: "", expires_at: null, parent_id_tag: null, ...unseen };
}

function lastUse(known: Rfid | undefined): Partial<Rfid> {
  return known ? { last_seen: known.last_seen, last_charger_id: known.last_charger_id } : {};
}

async function save(rfid: Rfid, changes: Changes, { store, events }: Services): Promise<Rfid> {
  const changed = { ...rfid, ...changes } as Rfid;
  delete changed.seen_only; // the operator has decided on it
  await store.rfids.put(changed);
  events.emit("rfid", undefined, () => changed);
  return changed;
}

/** Reads a table with a head line; every row is checked before the first is stored. */
async function importCsv(text: string, services: Services): Promise<{ created: number; changed: number }> {
  const { parseCsv } = await import("../parse_csv.ts");
  const [head, ...rows] = parseCsv(text);
  if (!head?.includes("rfid")) {
    throw new HttpError(400, "The first line must name the columns, including rfid");
  }
  const tags = rows.map((row, index) => tagOf(head, row, index + 2));
  const { rfids } = services.store;
  const created = new Set(
    tags.filter(({ rfid }) => !rfids.has(rfid.toUpperCase())).map(({ rfid }) => rfid.toUpperCase()),
  );
  const saving = tags.map(({ rfid, ...changes }) =>
    save(rfids.get(rfid.toUpperCase()) ?? newRfid(rfid), changes, services)
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
    if (error instanceof HttpError) throw new HttpError(400, `Line ${line}: ${error.message}`);
    throw error;
  }
}

function readFlag(text: string, line: number): boolean {
  if (/^(true|1|yes|si|sí)$/i.test(text)) return true;
  if (/^(false|0|no)$/i.test(text)) return false;
  throw new HttpError(400, `Line ${line}: allowed must be true or false`);
}

async function* asAsync<T>(records: T[]): AsyncGenerator<T> {
  yield* records;
}
