// The licence notices of the shipped packages.
import { assert, assertMatch } from "@std/assert";
import { licences } from "../../src/build/licences.ts";

Deno.test("licences has the notice of each package that is shipped, of the font, of the passwords, of Deno and of V8", async () => {
  const text = await licences();
  for (
    const name of [
      "hono",
      "preact",
      "leaflet",
      "ws",
      "qrcode",
      "dns-packet",
      "world-atlas",
      "pmtiles",
      "pbf",
    ]
  ) {
    assertMatch(text, new RegExp(`^${name} [\\d.]+\\nLicence: (MIT|ISC|BSD-\\d-Clause)$`, "m"));
  }
  for (
    const words of [
      "Volodymyr Agafonkin",
      "SIL OPEN FONT LICENSE",
      "the Deno authors",
      "the V8 project authors",
      "Copyright: Django Software Foundation and individual contributors",
      "Neither the name of Django nor the names of its contributors",
    ]
  ) {
    assert(text.includes(words), words);
  }
  assert(!/^(@types\/|playwright|fast-check)/m.test(text), "tools are not shipped");
});
