// The proof at start that clients are asked for their certificates.
import { assertRejects } from "@std/assert";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { certificateOf } from "../../src/http/admission/client_certificate.ts";
import { proveClientsAreAsked, SelfTest } from "../../src/http/listeners/tls_self_test.ts";
import { makeCa } from "../kit/certificates.ts";

/** A listener that asks for certificates, or like an older runtime does not. */
async function prove(requestCert: boolean): Promise<void> {
  const ca = await makeCa("CA");
  const pair = await ca.issue({ common_name: "gw", names: ["127.0.0.1"], usage: "server" });
  const self_test = new SelfTest();
  const server = createServer(
    { ...pair, ca: ca.cert, requestCert, rejectUnauthorized: false },
    (request, response) => {
      self_test.answers(request, response, certificateOf(request.socket as TLSSocket));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await proveClientsAreAsked(self_test, { host: "127.0.0.1", port, ...pair });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

Deno.test("proveClientsAreAsked passes where clients are asked for a certificate", async () => {
  await prove(true);
});

Deno.test("proveClientsAreAsked refuses a runtime that ignores the wish", async () => {
  await assertRejects(() => prove(false), Error, "does not ask clients");
});
