import { assertEquals } from "@std/assert";
import { type Device, fitting, groupsOf } from "../../src/admin/pages/chargers/firmware_groups.ts";

const device = (charger_id: string, vendor: string, model: string, firmware_version: string): Device => ({
  charger_id,
  vendor,
  model,
  firmware_version,
});
const SITE = [
  device("A1", "Voltia", "AC-22 Duo", "2.0.9"),
  device("A2", "Voltia", "AC-22 Duo", "2.1.0"),
  device("A3", "Voltia", "AC-22 Duo", "2.0.9"),
  device("B1", "Voltia", "DC-60", "2.0.9"),
  device("C1", "Zappo", "Wall", "1.0"),
];

Deno.test("chargers are grouped by vendor, model and version", () => {
  assertEquals(
    groupsOf(SITE).map((
      { model, version, chargers },
    ) => [model, version, chargers.map((one) => one.charger_id)]),
    [
      ["Voltia AC-22 Duo", "2.0.9", ["A1", "A3"]],
      ["Voltia AC-22 Duo", "2.1.0", ["A2"]],
      ["Voltia DC-60", "2.0.9", ["B1"]],
      ["Zappo Wall", "1.0", ["C1"]],
    ],
  );
});

const idsFor = (file: string, site = SITE) =>
  fitting(file, groupsOf(site)).flatMap(({ chargers }) => chargers.map(({ charger_id }) => charger_id));

Deno.test("a file preselects the model in its name, without those that run its version already", () => {
  assertEquals(idsFor("voltia_ac22duo_2.1.0.bin"), ["A1", "A3"]);
  assertEquals(idsFor("AC-22-Duo-v2.2.0.bin"), ["A1", "A3", "A2"]);
});

Deno.test("a file that names only the vendor preselects it if it has one model here, else nothing", () => {
  assertEquals(idsFor("zappo-1.2.bin"), ["C1"]);
  assertEquals(idsFor("voltia-2.2.0.bin"), []);
});

Deno.test("a file that names nothing preselects the only model of the site", () => {
  assertEquals(idsFor("update.bin"), []);
  assertEquals(idsFor("update.bin", [SITE[0]!, SITE[2]!]), ["A1", "A3"]);
});
