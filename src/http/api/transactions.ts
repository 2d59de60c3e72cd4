// /ocpp/transactions/: charging sessions.
import { type Context, Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import { transactionView } from "../../site/charger_state.ts";
import { endSession } from "../../site/sessions/end_session.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import type { Transaction } from "../../store/store.ts";
import type { TransactionFilter } from "../../store/transactions.ts";
import { HttpError } from "../http_error.ts";
import { csvResponse } from "../csv.ts";
import { queryLimit, queryNumber, queryTime, readBody } from "../input.ts";
import type { Services } from "../services.ts";

/** What closing a session's POST holds. */
export const Closing = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 200 })) }, {
  additionalProperties: false,
});

const closingChecker = { ...checkerOf(Closing), schema: Closing };

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
  "flags",
  "id_tag_status",
  "reservation_id",
  "start_received",
  "stop_received",
] as const;

/** The routes of the transactions. */
export function transactionRoutes(services: Services): Hono {
  const { transactions } = services.store;
  const app = new Hono({ strict: false });
  app.get("/", async (c) => {
    const filter = filterOf(c, services);
    if (c.req.query("format") === "csv") {
      return csvResponse("transactions", COLUMNS, views(transactions.scan(filter)));
    }
    const page = await transactions.list({ ...filter, limit: queryLimit(c) });
    return c.json({ transactions: page.transactions.map(transactionView), next: page.next });
  });
  app.get("/:id", async (c) => {
    const transaction = await transactionNamed(c.req.param("id"), services);
    return c.json({ ...transactionView(transaction), readings: await summaryOf(transaction, services) });
  });
  app.post("/:id/close", async (c) => {
    const { reason = "Closed by the operator" } = await readBody(c, closingChecker);
    const transaction = await transactionNamed(c.req.param("id"), services);
    if (transaction.state === "completed") {
      throw new HttpError(409, `Transaction ${transaction.transaction_id} is already completed`);
    }
    await close(transaction, reason, services);
    return c.json(transactionView(transaction));
  });
  return app;
}

async function close(
  transaction: Transaction,
  reason: string,
  { store, events, now }: Services,
): Promise<void> {
  const ending = {
    stop_time: new Date(now()).toISOString(),
    closed_by: reason,
    flags: ["closed-by-operator"],
  };
  await endSession(transaction, ending, { store, events }, (changes) => store.commits.put(changes));
}

async function transactionNamed(text: string, { store }: Services): Promise<Transaction> {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  const transaction = Number.isNaN(id) ? undefined : await store.transactions.get(id);
  if (!transaction) throw new HttpError(404, `There is no transaction ${text.slice(0, 20)}`);
  return transaction;
}

/** How many readings a session has, and of what: count, first and last by measurand. */
async function summaryOf(
  { charger_id, transaction_id, start_time, stop_time }: Transaction,
  { store, now }: Services,
) {
  const DAY = 86_400_000;
  const from = Date.parse(start_time) - DAY;
  const to = (stop_time === null ? now() : Date.parse(stop_time)) + DAY;
  const measurands: Record<
    string,
    { count: number; unit: string; first: number | string; last: number | string }
  > = {};
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

async function* views(transactions: AsyncIterable<Transaction>) {
  for await (const transaction of transactions) {
    yield { ...transactionView(transaction), flags: transaction.flags.join(" ") };
  }
}

function filterOf(c: Context, services: Services): TransactionFilter {
  const state = c.req.query("state");
  if (state !== undefined && state !== "active" && state !== "completed") {
    throw new HttpError(400, "state must be active or completed");
  }
  const charger_id = c.req.query("charger_id");
  const id_tag = c.req.query("id_tag");
  const from = queryTime(c, "from");
  const to = queryTime(c, "to");
  const cursor = queryNumber(c, "cursor", 0, 2_147_483_647);
  return {
    ...(state ? { state } : {}),
    ...(charger_id ? { charger_id: services.central.registeredId(charger_id) } : {}),
    ...(id_tag ? { id_tag } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
