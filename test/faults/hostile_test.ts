// Hostile peers against the running program, on both listeners at once: another charger is answered throughout, and on the
// TLS listener memory grows by less than 64 MB. The plain listener cannot bound it: its figures are printed.
import { assert } from "@std/assert";
import { ATTACKS, endure } from "./attack.ts";

const MAX_GROWTH_MB = 64;
/** 400 TLS handshakes with a body behind each: the connections themselves take 60 MB, their ends are not paid back. */
const MAX_GROWTH_BY_BODIES_MB = 200;

for (const attack of Object.keys(ATTACKS)) {
  Deno.test(`the gateway serves other chargers and stays small under ${attack}`, async () => {
    const [tls, plain] = await Promise.all([endure(attack, "tls"), endure(attack, "plain")]);
    console.log(`tls: ${JSON.stringify(tls)}\nplain: ${JSON.stringify(plain)}`);
    const most = attack === "bodies" ? MAX_GROWTH_BY_BODIES_MB : MAX_GROWTH_MB;
    assert(tls.growth_mb < most, `grew by ${tls.growth_mb} MB`);
  });
}
