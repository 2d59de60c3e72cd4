// A site's history for benchmarks: sessions of many chargers and tags, at an even rate up to now.
import { newCharger } from "../../src/store/new_charger.ts";
import { beginEnergy } from "../../src/site/energy/energy.ts";
import { Store, type Transaction } from "../../src/store/store.ts";
import { EnergyCurve } from "../../src/store/sums/energy_curve.ts";
import { partsOf } from "../../src/store/sums/spread.ts";
import type { Filing } from "../../src/store/sums/sums.ts";

/** The size of a site. */
export interface History {
  chargers: number;
  tags: number;
  sessions: number;
  /** Sessions a day. */
  rate: number;
}

const DAY = 86_400_000;
const AT_ONCE = 400;

/** Writes a site's database into a folder; its sums are filed, as they would be after these years. */
export async function writeHistory(
  folder: string,
  { chargers, tags, sessions, rate }: History,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const store = await Store.open({ path: `${folder}/gateway.db`, window_ms: 0 });
  const now = Date.now();
  const step = DAY / rate;
  const first = now - sessions * step - DAY;
  for (let n = 0; n < chargers; n++) await store.chargers.put(newCharger(`CP${n}`, "Accepted", first));
  const labelled = Array.from({ length: tags }, (_, n) => tagOf(n));
  for (let n = 0; n < tags; n += AT_ONCE) {
    await Promise.all(
      labelled.slice(n, n + AT_ONCE).map((rfid, index) =>
        store.rfids.put({
          rfid,
          label: `Holder ${(n + index) >> 1}`,
          allowed: true,
          expires_at: null,
          parent_id_tag: null,
          last_seen: null,
          last_charger_id: null,
        })
      ),
    );
  }
  for (let n = 0; n < sessions; n += AT_ONCE) {
    const some = Array.from(
      { length: Math.min(AT_ONCE, sessions - n) },
      (_, index) =>
        sessionOf(n + index, first + (n + index) * step, { chargers, tags, id: store.transactions.nextId() }),
    );
    await Promise.all(some.map((transaction) => store.transactions.add(transaction)));
    const marks = store.transactions.unfiled.all();
    await store.sums.file(some.map(filingOf), () => store.transactions.unfiled.deletions(marks));
    store.transactions.unfiled.drop(marks);
  }
  await store.close();
}

function tagOf(n: number): string {
  return `04${(n * 2_654_435_761 % 4_294_967_296).toString(16).toUpperCase().padStart(8, "0")}`;
}

/** Makes a session of 1 to 4 hours; the numbers are mixed, and the same in each run. */
function sessionOf(
  n: number,
  start: number,
  { chargers, tags, id }: { chargers: number; tags: number; id: number },
): Transaction {
  const mixed = (n * 2_654_435_761) % 4_294_967_296;
  const stop = start + (1 + mixed % 180 / 60) * 3_600_000;
  const energy_wh = 5000 + mixed % 40_000;
  const [start_time, stop_time] = [start, stop].map((at) => new Date(at).toISOString()) as [string, string];
  return {
    transaction_id: id,
    charger_id: `CP${n % chargers}`,
    connector_id: 1 + n % 2,
    id_tag: tagOf(mixed % tags),
    start_time,
    meter_start: 0,
    stop_time,
    meter_stop: energy_wh,
    stop_reason: "Local",
    energy_wh,
    state: "completed",
    flags: n % 50 ? [] : ["no-stop"],
    simulated: false,
    start_received: start_time,
    stop_received: stop_time,
    id_tag_status: "Accepted",
    reservation_id: null,
    start_timestamp: start_time,
    energy: beginEnergy(0, start),
    energy_seq: 0,
  };
}

/** Returns a session's parts as its meter values would make them: it draws most at the beginning. */
function filingOf(transaction: Transaction): Filing {
  const curve = new EnergyCurve();
  const start = Date.parse(transaction.start_time);
  const length = Date.parse(transaction.stop_time!) - start;
  for (let n = 0; n <= 20; n++) {
    curve.add(start + length * n / 20, Math.round(transaction.energy_wh! * 1000 * Math.sqrt(n / 20)));
  }
  return {
    transaction_id: transaction.transaction_id,
    days: null,
    parts: partsOf(transaction, curve, start),
  };
}
