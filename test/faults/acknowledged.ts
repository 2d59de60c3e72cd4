// Chargers that remember what was acknowledged to them, while their gateway is killed again and again.
import { assert, assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { type GatewayProcess, spawnGateway } from "./gateway_process.ts";

const CHARGERS = 6;

/** The acknowledgements that a charger got, over all cuts. */
class Witness {
  started = new Map<number, number>();
  /** Transaction ids, each as often as it was given. */
  ids: number[] = [];
  stopped = new Map<number, number>();
  readings: number[] = [];
  #value = 0;

  constructor(readonly charger_id: string) {}

  /** Runs sessions, one after the other, until the connection ends. */
  async charge(url: string): Promise<void> {
    await using client = await RawClient.connect(url, { path: this.charger_id });
    try {
      await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
      while (true) await this.#session(client);
    } catch { /* the cut */ }
  }

  async #session(client: RawClient): Promise<void> {
    const meterStart = this.#next();
    const [, , { transactionId }] = await client.call("StartTransaction", {
      connectorId: 1,
      idTag: "TAG",
      meterStart,
      timestamp: new Date().toISOString(),
    });
    this.started.set(transactionId, meterStart);
    this.ids.push(transactionId);
    for (let index = 0; index < 5; index++) await this.#sample(client, transactionId);
    const meterStop = this.#next();
    await client.call("StopTransaction", { transactionId, meterStop, timestamp: new Date().toISOString() });
    this.stopped.set(transactionId, meterStop);
  }

  async #sample(client: RawClient, transactionId: number): Promise<void> {
    const value = this.#next();
    await client.call("MeterValues", {
      connectorId: 1,
      transactionId,
      meterValue: [{ timestamp: new Date().toISOString(), sampledValue: [{ value: String(value) }] }],
    });
    this.readings.push(value);
  }

  #next(): number {
    return ++this.#value;
  }
}

/** A series of cuts. */
export interface Cuts {
  /** The number of cuts. */
  cuts: number;
  data_dir: string;
  env?: Record<string, string>;
  /** Called after each kill of the process: takes what was not synced, say. */
  cut?: () => Promise<void>;
}

/**
 * Runs chargers and kills the gateway, several times; then everything that they were told must be stored. Returns the number
 * of acknowledged records that were looked up. Throws AssertionError for one that is missing.
 */
export async function survive({ cuts, data_dir, env = {}, cut = async () => {} }: Cuts): Promise<number> {
  const witnesses = Array.from({ length: CHARGERS }, (_, index) => new Witness(`CP${index}`));
  for (let count = 0; count < cuts; count++) {
    await using gateway = await spawnGateway({ data_dir, env });
    const charging = witnesses.map((witness) => witness.charge(gateway.ws_url));
    await soMany(witnesses, 20 + (count * 37) % 90);
    await gateway.kill();
    await Promise.all(charging);
    await cut();
  }
  await using gateway = await spawnGateway({ data_dir });
  for (const witness of witnesses) await verify(gateway, witness, cuts);
  const ids = witnesses.flatMap(({ ids }) => ids);
  assertEquals(new Set(ids).size, ids.length, "an id was given twice");
  return witnesses.reduce(
    (sum, { started, stopped, readings }) => sum + started.size + stopped.size + readings.length,
    0,
  );
}

/** Resolves after a number of further acknowledged readings: cuts come at different points, by no clock. */
function soMany(witnesses: Witness[], more: number): Promise<void> {
  const enough = readingsOf(witnesses) + more;
  return new Promise((resolve) => {
    const look = () => readingsOf(witnesses) >= enough ? resolve() : void setTimeout(look, 1);
    look();
  });
}

function readingsOf(witnesses: Witness[]): number {
  return witnesses.reduce((sum, { readings }) => sum + readings.length, 0);
}

async function verify(gateway: GatewayProcess, witness: Witness, cuts: number): Promise<void> {
  const { charger_id, started, stopped, readings } = witness;
  const transactions = await all(gateway, `/ocpp/transactions/?charger_id=${charger_id}`, "transactions");
  const by_id = new Map(transactions.map((transaction) => [transaction.transaction_id, transaction]));
  for (const [id, meter_start] of started) {
    assertEquals(by_id.get(id)?.meter_start, meter_start, `start of ${id}`);
  }
  for (const [id, meter_stop] of stopped) {
    assertEquals(by_id.get(id)?.state, "completed");
    assertEquals(by_id.get(id)?.meter_stop, meter_stop, `stop of ${id}`);
  }
  const kept = await all(gateway, `/ocpp/chargers/${charger_id}/readings/?connector_id=1`, "readings");
  const values = new Set(kept.map(({ value }) => value));
  assertEquals(readings.filter((value) => !values.has(value)), []);
  assert(readings.length > cuts, `${charger_id} was heard ${readings.length} times`);
}

// deno-lint-ignore no-explicit-any
async function all(gateway: GatewayProcess, path: string, plural: string): Promise<any[]> {
  const records = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const { status, body } = await gateway.rest(
      "GET",
      `${path}&limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
    );
    assertEquals(status, 200);
    records.push(...body[plural]);
    cursor = body.next;
  }
  return records;
}
