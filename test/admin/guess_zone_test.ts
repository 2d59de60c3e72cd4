import { assertEquals } from "@std/assert";
import { guessZone } from "../../src/admin/pages/set_up/guess_zone.ts";
import { ZONE_PLACES } from "../../src/build/zone_places.ts";
import { isTimeZone } from "../../src/calendar.ts";

Deno.test("guessZone takes the browser's zone, unless the site's place has other clocks", () => {
  const guadalajara = { latitude: 20.67, longitude: -103.35 };
  const barcelona = { latitude: 41.39, longitude: 2.17 };
  const monterrey = { latitude: 25.67, longitude: -100.31 };
  assertEquals(guessZone("America/Mexico_City", null, ZONE_PLACES), "America/Mexico_City");
  assertEquals(guessZone("America/Mexico_City", guadalajara, ZONE_PLACES), "America/Mexico_City");
  assertEquals(guessZone("Europe/Madrid", barcelona, ZONE_PLACES), "Europe/Madrid");
  assertEquals(guessZone("Europe/Madrid", monterrey, ZONE_PLACES), "America/Monterrey");
  assertEquals(guessZone("UTC", { latitude: 40.4, longitude: -3.7 }, ZONE_PLACES), "Europe/Madrid");
  assertEquals(guessZone("UTC", { latitude: -36.8, longitude: 174.7 }, ZONE_PLACES), "Pacific/Auckland");
});

Deno.test("all zones that set-up may guess are known to the gateway", () => {
  const names = ZONE_PLACES.trim().split(/;\s*/).map((entry) => entry.split(" ")[0]!);
  assertEquals(names.filter((name) => !isTimeZone(name)), []);
});
