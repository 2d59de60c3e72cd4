import { assertEquals, assertMatch } from "@std/assert";
import { cases } from "../kit/site.ts";

cases("circuits", {}, (test) => {
  test("POST /ocpp/circuits/ makes a tree; a circle, an unknown parent and a taken name are refused", async (site) => {
    const { body } = await site.rest("POST", "/ocpp/circuits/", { name: "house", max_current_a: 63 });
    assertEquals([body.policy, body.enabled, body.mode, body.available_a], ["equal", true, "normal", [
      63,
      63,
      63,
    ]]);
    await site.ask("POST", "/ocpp/circuits/", { name: "garage", parent: "house", max_power_w: 11_000 });
    const refused = async (method: string, path: string, change: unknown) => {
      const { status, body } = await site.rest(method, path, change);
      return [status, body.code];
    };
    assertEquals(await refused("POST", "/ocpp/circuits/", { name: "house" }), [409, "exists"]);
    assertEquals(await refused("PATCH", "/ocpp/circuits/house/", { parent: "garage" }), [
      400,
      "invalid_field",
    ]);
    assertEquals(await refused("PATCH", "/ocpp/circuits/house/", { parent: "house" }), [
      400,
      "invalid_field",
    ]);
    assertEquals(await refused("PATCH", "/ocpp/circuits/house/", { parent: "shed" }), [400, "invalid_field"]);
    assertEquals(await refused("DELETE", "/ocpp/circuits/house/", undefined), [409, "state_forbids"]);
    const names = (await site.get("/ocpp/circuits/")).circuits.map(({ name }: { name: string }) => name);
    assertEquals(names, ["garage", "house"]);
    await site.ask("DELETE", "/ocpp/circuits/garage/");
    await site.ask("DELETE", "/ocpp/circuits/house/");
  });

  test("PATCH /ocpp/chargers/ places a charger; contradictions are refused", async (site) => {
    await site.ask("POST", "/ocpp/circuits/", { name: "yard", max_current_a: 32 });
    const charger_id = site.freshId();
    const made = await site.ask("POST", "/ocpp/chargers/", { charger_id, circuit: "yard", phases: 1 });
    assertEquals([made.circuit, made.failsafe_current_a, made.max_current_a, made.priority], [
      "yard",
      6,
      32,
      5,
    ]);
    const path = `/ocpp/chargers/${charger_id}/`;
    const field = async (change: unknown) => (await site.rest("PATCH", path, change)).body.values?.field;
    assertEquals(await field({ phase_rotation: "RST" }), "phase_rotation");
    assertEquals(await field({ failsafe_current_a: 3 }), "failsafe_current_a");
    assertEquals(await field({ max_current_a: 5 }), "max_current_a");
    assertEquals(await field({ circuit: "nowhere" }), "circuit");
    assertEquals(await field({ surplus: "always" }), "surplus");
    assertEquals(await field({ surplus_floor_a: 4 }), "surplus_floor_a");
    assertEquals(await field({ surplus_floor_a: 40 }), "surplus_floor_a");
    const changed = await site.ask("PATCH", path, { phase_rotation: "S", failsafe_current_a: 0 });
    assertEquals([changed.phase_rotation, changed.failsafe_current_a, changed.phases], ["S", 0, 1]);
    assertEquals((await site.rest("DELETE", "/ocpp/circuits/yard/")).status, 409);
  });

  test("a charger whose fail-safe limit has no room beside the others is refused with the sum", async (site) => {
    await site.ask("POST", "/ocpp/circuits/", { name: "small", max_current_a: 10 });
    const place = { circuit: "small", phases: 1, phase_rotation: "R" };
    const charger_id = site.freshId();
    await site.ask("POST", "/ocpp/chargers/", { charger_id, ...place });
    const { status, body } = await site.rest("POST", "/ocpp/chargers/", {
      charger_id: site.freshId(),
      ...place,
    });
    assertEquals([status, body.code, body.values.sum], [409, "state_forbids", 12]);
    assertMatch(body.error!, /2 chargers on small may draw 12 A, but its limit is 10 A/);
    await site.ask("POST", "/ocpp/chargers/", { charger_id: site.freshId(), ...place, phase_rotation: "S" });
    assertEquals((await site.rest("PATCH", "/ocpp/circuits/small/", { max_current_a: 5 })).status, 409);
  });

  test("PUT /ocpp/circuits/<name>/meter/ is what the circuit measures; other meters cannot be written", async (site) => {
    await site.ask("POST", "/ocpp/circuits/", { name: "feed", max_current_a: 63, meter: { kind: "push" } });
    assertEquals((await site.get("/ocpp/circuits/feed/")).mode, "meter_lost");
    await site.ask("PUT", "/ocpp/circuits/feed/meter/", { current_a: [10, 20, -3.5] });
    const { measured_a, mode } = await site.get("/ocpp/circuits/feed/");
    assertEquals([measured_a, mode], [[10, 20, -3.5], "normal"]);
    await site.ask("PUT", "/ocpp/circuits/feed/meter/", { power_w: 2300 });
    assertEquals((await site.get("/ocpp/circuits/feed/")).measured_a, [10, 10, 10]);
    assertEquals((await site.rest("PUT", "/ocpp/circuits/feed/meter/", {})).status, 400);
    await site.ask("PATCH", "/ocpp/circuits/feed/", { meter: null });
    assertEquals((await site.rest("PUT", "/ocpp/circuits/feed/meter/", { power_w: 1 })).status, 409);
    const load = await site.get("/ocpp/load/");
    assertEquals(load.connectors.map(({ state }: { state: string }) => state), [
      "failsafe",
      "failsafe",
      "failsafe",
    ]);
    assertEquals((await site.get("/ocpp/load/log/")).decisions, []);
  });
});
