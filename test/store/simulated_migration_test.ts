// Records of a program that told simulated chargers by the ids of simulators.
import { assertEquals } from "@std/assert";
import { newCharger } from "../../src/store/new_charger.ts";
import { FILE_SITE_KEY } from "../../src/store/site.ts";
import { Store, type Transaction } from "../../src/store/store.ts";
import { keysOf } from "../../src/store/tables.ts";
import { transactionWith } from "../kit/transaction.ts";

const CHARGERS = ["REAL", "SIM-1", "CPX", "CLASH", "BY-HAND"];
const SIMULATORS = [
  { name: "own", options: { cp_path: "yard/SIM-1/", vendor: "Voltia", model: "AC-11" } },
  { name: "default", options: {} },
  { name: "same id", options: { cp_path: "CLASH" } },
  { name: "elsewhere", options: { cp_path: "REAL", host: "central.example.com" } },
  { name: "gone", options: { cp_path: "GONE" } },
];
const REPORTED: Record<string, object> = {
  "SIM-1": { vendor: "Voltia", model: "AC-11" },
  CPX: { vendor: "OCPP Gateway", model: "Simulator" },
  CLASH: { vendor: "ABB", model: "Terra" },
  "BY-HAND": { config: { simulated: true } },
};

/** Writes a site of schema 2, in which no record says that it is simulated. */
async function writeOld(path: string): Promise<void> {
  const store = await Store.open({ path, window_ms: 0 });
  const keys = keysOf(store.site.site_id);
  for (const [index, charger_id] of [...CHARGERS, "GONE"].entries()) {
    const transaction = transactionWith({ transaction_id: index + 1, charger_id });
    await store.transactions.add(withoutMark(transaction));
    if (charger_id === "GONE") continue;
    const charger = { ...newCharger(charger_id, "Accepted", 0), ...REPORTED[charger_id] };
    await store.chargers.put(withoutMark(charger));
  }
  for (const { name, options } of SIMULATORS) {
    const record = { name, options, running: false, created_at: "", clone_of: null, recorded: [] };
    await store.simulators.put(record);
  }
  await store.write.set([...keys.transaction, 99], new TextEncoder().encode("{")); // a damaged row
  await store.write.set([...keys.transaction_of, "CPX", 99], new Uint8Array());
  await store.write.set(
    FILE_SITE_KEY,
    new TextEncoder().encode(JSON.stringify({ ...store.site, schema: 2 })),
  );
  await store.close();
}

function withoutMark<T extends { simulated: boolean }>({ simulated: _, ...record }: T): T {
  return record as T;
}

Deno.test("the migration marks what simulators of this machine have made, and no charger of another make", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/kv.db`;
  await writeOld(path);
  let backups = 0;
  for (let start = 0; start < 2; start++) {
    const backUp = () => Promise.resolve(void backups++);
    const store = await Store.open({ path, backUp, window_ms: 0 });
    const chargers = store.chargers.all().filter(({ simulated }) => simulated);
    assertEquals(chargers.map(({ charger_id }) => charger_id), ["BY-HAND", "CPX", "SIM-1"]);
    assertEquals(chargers.map(({ marked_simulated }) => marked_simulated), [true, undefined, undefined]);
    const { transactions } = await store.transactions.list({ simulated: true });
    const ids = ({ charger_id }: Transaction) => charger_id;
    assertEquals(transactions.map(ids).toSorted(), ["BY-HAND", "CPX", "GONE", "SIM-1"]);
    const real = await store.transactions.list({ simulated: false });
    assertEquals(real.transactions.map(ids).toSorted(), ["CLASH", "REAL"]);
    await store.close();
  }
  assertEquals(backups, 1);
  await Deno.remove(folder, { recursive: true });
});
