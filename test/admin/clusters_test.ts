import { assertEquals } from "@std/assert";
import { clustersOf } from "../../src/admin/components/clusters.ts";
import { powerOf, stateOf } from "../../src/admin/components/pin.ts";
import type { Pin } from "../../src/admin/components/pin.ts";

const pin = (id: string, status = "Available", power_w: number | null = null): Pin => ({
  id,
  title: id,
  status,
  power_w,
  latitude: 0,
  longitude: 0,
});

Deno.test("clustersOf joins what would cover each other, and nothing else", () => {
  const placed = [["A", 0, 0], ["B", 30, 0], ["C", 200, 0], ["D", 14, 10]] as const;
  const found = clustersOf(placed.map(([id, x, y]) => ({ pin: pin(id), x, y })));
  assertEquals(found.map(({ pins }) => pins.map(({ id }) => id)), [["A", "B", "D"], ["C"]]);
  assertEquals(Math.round(found[0]!.x), 15);
});

Deno.test("stateOf shows the gravest state of several chargers, else the most frequent one", () => {
  assertEquals(stateOf([pin("A"), pin("B", "Faulted"), pin("C", "offline")]), "Faulted");
  assertEquals(stateOf([pin("A"), pin("B", "Charging"), pin("C", "Charging")]), "Charging");
});

Deno.test("powerOf adds up what flows", () => {
  assertEquals(powerOf([pin("A"), pin("B", "Charging", 7200), pin("C", "Charging", 11_000)]), 18_200);
  assertEquals(powerOf([pin("A"), pin("B", "SuspendedEV", 0)]), null);
});
