// New chargers follow the site's defaults, however they come to the site.
import { assertEquals } from "@std/assert";
import { startTestGateway } from "../kit/gateway.ts";
import { Site } from "../kit/site.ts";
import { WireCharger } from "../kit/wire_charger.ts";

const DEFAULTS = {
  new_charger_require_rfid: true,
  new_charger_max_current: 16,
  new_charger_single_phase: true,
  new_charger_priority: 7,
  new_charger_time_zone: "Europe/Madrid",
  new_charger_id_tags: "separators",
} as const;

const shown = (charger: Record<string, unknown>) => {
  const { require_rfid, max_current_a, phases, priority } = charger;
  const { time_zone, id_tag_normaliser } = charger.quirks as Record<string, unknown>;
  return [require_rfid, max_current_a, phases, priority, time_zone, id_tag_normaliser];
};
const EXPECTED = [true, 16, 1, 7, "Europe/Madrid", "separators"];

Deno.test("a charger that connects unasked is made by the site's defaults, and keeps them when they change", async () => {
  await using gateway = await startTestGateway({ settings: DEFAULTS });
  const site = new Site(gateway);
  await using charger = await WireCharger.connect(site);
  await charger.boot();
  assertEquals(shown(await charger.view()), EXPECTED);
  await site.ask("PATCH", "/ocpp/settings/", {
    new_charger_require_rfid: false,
    new_charger_max_current: 32,
  });
  assertEquals(shown(await charger.view()), EXPECTED);
});

Deno.test("POST /ocpp/chargers/ fills what it is not given from the site's defaults", async () => {
  await using gateway = await startTestGateway({ settings: DEFAULTS });
  const made = await gateway.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  assertEquals(shown(made.body), EXPECTED);
  const other = await gateway.rest("POST", "/ocpp/chargers/", {
    charger_id: "CP2",
    require_rfid: false,
    max_current_a: 20,
  });
  assertEquals([other.body.require_rfid, other.body.max_current_a, other.body.phases], [false, 20, 1]);
});

Deno.test("a refused charger that is adopted is made by the site's defaults", async () => {
  await using gateway = await startTestGateway({ settings: { ...DEFAULTS, unknown_chargers: "reject" } });
  const site = new Site(gateway);
  await WireCharger.connect(site, { charger_id: "CP9" }).catch(() => {});
  const { knocks } = await site.get("/ocpp/waiting/");
  const adopted = await site.ask("POST", `/ocpp/waiting/${knocks[0].knock_id}/`, { action: "adopt" });
  assertEquals([adopted.charger_id, ...shown(adopted)], ["CP9", ...EXPECTED]);
});

Deno.test("site defaults that contradict each other, and a circuit that is not there, are left out", async () => {
  await using gateway = await startTestGateway({
    settings: { new_charger_min_current: 40, new_charger_max_current: 10, new_charger_circuit: "Nowhere" },
  });
  const { body } = await gateway.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  assertEquals([body.min_current_a, body.max_current_a, body.circuit], [6, 32, null]);
});
