// Load management where another device comes in a charger's place, or a charger's id is used again.
import { assert, assertEquals } from "@std/assert";
import { eventually } from "../kit/eventually.ts";
import { Charger, live, place, startSite, Time } from "./load_site.ts";

Deno.test("a device that replaces another counts with its maximum until its own fail-safe limit was seen", async () => {
  const time = new Time();
  await using gateway = await startSite(time);
  const [old, other] = [new Charger("A", "obeys", time), new Charger("B", "obeys", time)];
  await using stack = new AsyncDisposableStack();
  await place(gateway, [old, other], { max_current_a: 40 });
  for (const charger of [old, other]) await stack.use(charger).connect(gateway.ws_url);
  const safe = async (id: string) => (await live(gateway)).connectors.find((one) => one.charger_id === id)!;
  await eventually(async () => (await safe("A")).safe_alone && (await safe("B")).safe_alone);
  await other.start();
  await eventually(() => other.most() === 32);
  assertEquals(gateway.gateway.services.store.load_states.get("A/1")!.failsafe, "verified");
  const { status } = await gateway.rest("POST", "/ocpp/chargers/A/replace/", {});
  assertEquals(status, 200);
  const { budgeted_a, safe_alone, state } = await safe("A");
  assertEquals({ budgeted_a, safe_alone, state }, { budgeted_a: 32, safe_alone: false, state: "failsafe" });
  await eventually(() => other.most() <= 8, "the other one makes room for the worst case");
  await eventually(() => gateway.gateway.services.store.load_states.get("A/1") === undefined);
  await using fresh = new Charger("A", "refuses", time);
  await fresh.connect(gateway.ws_url);
  await eventually(() => gateway.gateway.services.store.load_states.get("A/1")?.failsafe === "refused");
  assertEquals((await safe("A")).budgeted_a, 32);
  assert(other.most() <= 8);
});

Deno.test("what was known of a charger goes with it, and is not believed of another one under its id", async () => {
  const time = new Time();
  await using gateway = await startSite(time);
  await using charger = new Charger("A", "obeys", time);
  await place(gateway, [charger], { max_current_a: 40 });
  await charger.connect(gateway.ws_url);
  await eventually(() => gateway.gateway.services.store.load_states.get("A/1")?.failsafe === "verified");
  assertEquals((await gateway.rest("DELETE", "/ocpp/chargers/A/")).status, 204);
  await eventually(() => gateway.gateway.services.store.load_states.size === 0);
  const body = { charger_id: "A", circuit: "site", failsafe_current_a: 0 };
  assertEquals((await gateway.rest("POST", "/ocpp/chargers/", body)).status, 201);
  const [connector] = (await live(gateway)).connectors;
  assertEquals([connector!.budgeted_a, connector!.safe_alone], [32, false]);
});
