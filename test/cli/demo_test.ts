import { assert, assertEquals } from "@std/assert";
import { DEMO_PASSWORD, startDemo } from "../../src/cli/demo.ts";
import { CHARGERS } from "../../src/cli/demo_site.ts";
import { eventually } from "../kit/eventually.ts";
import { SILENT } from "../../src/log.ts";

Deno.test("demo runs a busy site without any set-up", async () => {
  const gateway = await startDemo("0", SILENT);
  const { central, events, store } = gateway.services;
  try {
    const { promise: charging, resolve } = Promise.withResolvers<void>();
    const late = setTimeout(resolve, 20_000);
    events.subscribe(() => store.transactions.active().length > 0 && resolve());
    const headers = { authorization: `Basic ${btoa(`admin:${DEMO_PASSWORD}`)}` };
    const get = async (path: string) =>
      await (await fetch(`http://127.0.0.1:${gateway.port}${path}`, { headers })).json();
    const { chargers } = await get("/ocpp/chargers/");
    assertEquals(chargers.length, 8);
    assert(chargers.every((one: Record<string, unknown>) => one.simulated && one.latitude !== null));
    const { transactions } = await get("/ocpp/transactions/?limit=1000");
    const weeks = (Date.now() - Date.parse(transactions.at(-1).start_time)) / 604_800_000;
    assert(transactions.length > 300 && weeks > 3, `${transactions.length} sessions in ${weeks} weeks`);
    const { readings } = await get("/ocpp/chargers/TEC-1/readings/?limit=5");
    assertEquals(readings.length, 5);
    await charging;
    await eventually(async () =>
      (await get("/ocpp/load/")).connectors.some((one: Record<string, unknown>) => one.reason === "shares")
    );
    const { circuits, connectors } = await get("/ocpp/load/");
    assertEquals([circuits.length, circuits[0].mode, connectors.length], [1, "normal", 5]);
    assert(circuits[0].measured_a.every((amperes: number) => amperes > 0));
    assert(CHARGERS.some(({ id }) => central.isConnected(id)));
    assert(store.transactions.active().length > 0);
    clearTimeout(late);
  } finally {
    await gateway.stop();
  }
});
