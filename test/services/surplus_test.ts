// Charging from the surplus alone by REST: a charger's choice, a session's, and the reason.
import { assertEquals } from "@std/assert";
import { eventually } from "../kit/eventually.ts";
import { Charger, live, place, startSite, Time } from "./load_site.ts";

Deno.test("a session waits for sun by its charger's choice, charges at full power by its own, and a restart keeps both", async () => {
  const time = new Time();
  const data_dir = await Deno.makeTempDir();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(data_dir, { recursive: true }).catch(() => {}));
  const charger = new Charger("A", "obeys", time);
  const reason = async (gateway: Parameters<typeof live>[0]) => {
    const { body } = await gateway.rest("GET", "/ocpp/load/");
    const { reason, reason_values, surplus } = body.connectors[0]!;
    return [reason, reason_values, surplus];
  };
  let session = 0;
  {
    await using gateway = await startSite(time, data_dir);
    await place(gateway, [charger], { max_current_a: 40, meter: { kind: "push" } }, { surplus: true });
    const push = (power_w: number) => gateway.rest("PUT", "/ocpp/circuits/site/meter/", { power_w });
    await charger.connect(gateway.ws_url);
    await push(-2139);
    await eventually(async () => (await live(gateway)).connectors[0]!.safe_alone);
    await charger.start();
    session = charger.session!.id;
    const waits = ["surplus_waits", { has_a: 3.1, needs_a: 6 }, true];
    await eventually(async () => JSON.stringify(await reason(gateway)) === JSON.stringify(waits));
    const path = `/ocpp/transactions/${session}/surplus/`;
    assertEquals((await gateway.rest("PUT", path, { surplus: "yes" })).body.values, { field: "surplus" });
    assertEquals((await gateway.rest("PUT", path, { surplus: false })).status, 204);
    await eventually(() => charger.most() === 32);
    assertEquals(
      (await gateway.rest("PUT", "/ocpp/transactions/999/surplus/", { surplus: true })).status,
      409,
    );
  }
  await charger[Symbol.asyncDispose]();
  await using gateway = await startSite(time, data_dir);
  assertEquals((await reason(gateway))[2], false);
  await gateway.rest("PUT", `/ocpp/transactions/${session}/surplus/`, { surplus: null });
  assertEquals((await reason(gateway))[2], true);
});
