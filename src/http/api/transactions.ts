// /ocpp/transactions/: charging sessions.
import { acceptedTags, languageOf } from "../../i18n/language.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { CentralSystem } from "../../central/central_system.ts";
import { transactionView } from "../../site/charger_state.ts";
import type { Events } from "../../site/events.ts";
import { endSession } from "../../site/sessions/end_session.ts";
import { FLAGS } from "../../site/sessions/flags.ts";
import type { Store, Transaction } from "../../store/store.ts";
import type { TransactionFilter } from "../../store/transactions.ts";
import { csvResponse } from "../csv.ts";
import { XLSX, xlsxResponse } from "../xlsx.ts";
import { eachShownTo, seesTags, type TagMaskDeps } from "../auth/tag_mask.ts";
import { HttpError, notFound } from "../http_error.ts";
import { route } from "../route.ts";
import { Body, NUMBERED_PAGE, page, type QueryOf, SHEET_FORMAT, SIMULATED, SPAN } from "../schemas.ts";
import { transactionColumns } from "./transaction_sheet.ts";
import { TransactionSchema } from "./views.ts";

const DAY = 86_400_000;
/** A filter that no session meets: no tag has a line end. */
const NO_TAG = "\n";

const COLUMNS = [
  "transaction_id",
  "charger_id",
  "connector_id",
  "id_tag",
  "start_time",
  "stop_time",
  "meter_start",
  "meter_stop",
  "energy_wh",
  "stop_reason",
  "state",
  "simulated",
  "flags",
  "id_tag_status",
  "reservation_id",
  "start_received",
  "stop_received",
] as const;

const QUERY = {
  charger_id: Type.Optional(Type.String()),
  id_tag: Type.Optional(Type.String()),
  ...SPAN,
  state: Type.Optional(Type.Enum(["active", "completed"])),
  ...SIMULATED,
};

const Value = Type.Union([Type.Number(), Type.String()]);
const Summary = Type.Object({
  count: Type.Integer(),
  measurands: Type.Record(
    Type.String(),
    Type.Object({ count: Type.Integer(), unit: Type.String(), first: Value, last: Value }),
  ),
});

/** Returns the ids of the transactions whose records are damaged and not replaced. */
function damagedOf({ damages }: Store): number[] {
  return damages.all().filter(({ table }) => table === "transaction").map(({ key }) => Number(key[0]));
}

interface TransactionDeps extends TagMaskDeps {
  store: Store;
  central: Pick<CentralSystem, "registeredId">;
  events: Events;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/transactions/. */
export const transactionRoutes = [
  route({
    method: "GET",
    path: "/ocpp/transactions/",
    role: "viewer",
    summary: "Charging sessions, newest first",
    query: Type.Object({ ...QUERY, ...NUMBERED_PAGE, ...SHEET_FORMAT }),
    response: Type.Object({
      ...page("transactions", TransactionSchema).properties,
      missing: Type.Optional(
        Type.Array(Type.Integer(), { description: "Ids of transactions whose records are damaged" }),
      ),
    }),
    also: { 200: ["text/csv", XLSX] },
    async handle({ query: { format, lang, limit = 100, cursor, ...query }, c }, deps: TransactionDeps) {
      if (query.id_tag && !seesTags(c)) query.id_tag = tagBehind(query.id_tag, deps);
      const filter = { ...filterOf(query, deps), ...(cursor === undefined ? {} : { cursor }) };
      const { transactions } = deps.store;
      if (format === "csv") {
        return csvResponse("transactions", COLUMNS, eachShownTo(c, rowsOf(transactions.scan(filter)), deps));
      }
      if (format === "xlsx") {
        const language = languageOf(acceptedTags(lang ?? c.req.header("accept-language")));
        return await xlsxResponse("sessions", {
          columns: transactionColumns(language),
          records: eachShownTo(c, viewsOf(transactions.scan(filter)), deps),
          time_zone: deps.store.calendar.time_zone,
        });
      }
      const found = await transactions.list({ ...filter, limit });
      const missing = damagedOf(deps.store);
      return {
        transactions: found.transactions.map(transactionView),
        next: found.next,
        ...(missing.length > 0 ? { missing } : {}),
      };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/transactions/{transaction_id}/",
    role: "viewer",
    summary: "A charging session with a summary of its readings",
    response: Type.Object({ ...TransactionSchema.properties, readings: Summary }),
    async handle({ params }, deps: TransactionDeps) {
      const transaction = await transactionNamed(params.transaction_id, deps);
      return { ...transactionView(transaction), readings: await summaryOf(transaction, deps) };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/transactions/{transaction_id}/close/",
    role: "operator",
    summary: "Close a session whose charger will not end it",
    audit: { action: "close", kind: "transaction", id: "transaction_id" },
    body: Body({ reason: Type.Optional(Type.String({ maxLength: 200 })) }),
    response: TransactionSchema,
    errors: ["state_forbids"],
    async handle({ params, body }, deps: TransactionDeps) {
      const transaction = await transactionNamed(params.transaction_id, deps);
      const { transaction_id, state } = transaction;
      if (state === "completed") {
        throw new HttpError("state_forbids", `Transaction ${transaction_id} is already completed`, {
          values: { transaction_id },
        });
      }
      await close(transaction, body.reason ?? "Closed by the operator", deps);
      return transactionView(transaction);
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/flags/",
    role: "viewer",
    summary: "The meaning of the words in a session's flags",
    response: Type.Object({ flags: Type.Record(Type.String(), Type.String()) }),
    handle: () => ({ flags: FLAGS }),
  }),
];

async function close(
  transaction: Transaction,
  reason: string,
  { store, events, now }: TransactionDeps,
): Promise<void> {
  const ending = {
    stop_time: new Date(now()).toISOString(),
    closed_by: reason,
    flags: ["closed-by-operator"],
  };
  await endSession(transaction, ending, { store, events }, (changes) => store.commits.put(changes));
}

/** Returns the tag of the RFID table that a viewer's filter stands for. A viewer cannot try numbers out. */
export function tagBehind(mask: string, { store, auth }: Pick<TransactionDeps, "store" | "auth">): string {
  return auth.tag_mask.find(mask, store.rfids.all().map(({ rfid }) => rfid)) ?? NO_TAG;
}

async function transactionNamed(text: string, { store }: TransactionDeps): Promise<Transaction> {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  const transaction = Number.isNaN(id) ? undefined : await store.transactions.get(id);
  if (!transaction) throw notFound("transaction", text, 20);
  return transaction;
}

interface Measured {
  count: number;
  unit: string;
  first: number | string;
  last: number | string;
}

/** Returns the number of a session's readings; by measurand and phase also the first and the last value. */
async function summaryOf(
  { charger_id, transaction_id, start_time, stop_time }: Transaction,
  { store, now }: TransactionDeps,
): Promise<{ count: number; measurands: Record<string, Measured> }> {
  const from = Date.parse(start_time) - DAY;
  const to = (stop_time === null ? now() : Date.parse(stop_time)) + DAY;
  const measurands: Record<string, Measured> = {};
  let count = 0;
  for await (
    const { measurand, phase, unit, value } of store.readings.scan({ charger_id, transaction_id, from, to })
  ) {
    const name = phase === null ? measurand : `${measurand} ${phase}`;
    const entry = measurands[name] ??= { count: 0, unit, first: value, last: value };
    entry.count++;
    entry.last = value;
    count++;
  }
  return { count, measurands };
}

async function* viewsOf(transactions: AsyncIterable<Transaction>) {
  for await (const transaction of transactions) yield transactionView(transaction);
}

async function* rowsOf(transactions: AsyncIterable<Transaction>) {
  for await (const view of viewsOf(transactions)) yield { ...view, flags: view.flags.join(" ") };
}

function filterOf(
  { state, charger_id, id_tag, from, to, simulated }: QueryOf<typeof QUERY>,
  { central }: TransactionDeps,
): TransactionFilter {
  return {
    ...(state ? { state } : {}),
    ...(simulated ? { simulated: simulated === "true" } : {}),
    ...(charger_id ? { charger_id: central.registeredId(charger_id) } : {}),
    ...(id_tag ? { id_tag } : {}),
    ...(from === undefined ? {} : { from: Date.parse(from) }),
    ...(to === undefined ? {} : { to: Date.parse(to) }),
  };
}
