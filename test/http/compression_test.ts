// JSON is compressed for those who take it.
import { assert, assertEquals } from "@std/assert";
import { get, type IncomingMessage } from "node:http";
import { gunzipSync } from "node:zlib";
import { Buffer } from "node:buffer";
import { AUTHORIZATION, startTestGateway } from "../kit/gateway.ts";

/** An answer as it comes over the wire: `fetch` would decompress it. */
async function raw(port: number, path: string, encoding?: string) {
  const headers = { ...AUTHORIZATION, ...(encoding === undefined ? {} : { "accept-encoding": encoding }) };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get({ host: "127.0.0.1", port, path, headers, agent: false }, resolve).on("error", reject);
  const answer = await promise;
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return { headers: answer.headers, body: Buffer.concat(chunks) };
}

Deno.test("JSON over 1 kB is compressed for a client that takes gzip, and for no other", async () => {
  await using site = await startTestGateway();
  const { headers, body } = await raw(site.port, "/openapi.json", "br, gzip");
  assertEquals([headers["content-encoding"], headers.vary], ["gzip", "accept-encoding"]);
  const document = JSON.parse(gunzipSync(body).toString());
  assertEquals(document.openapi, "3.1.0");
  assert(body.length * 5 < JSON.stringify(document).length);
  for (const encoding of [undefined, "br", "gzip;q=0", "identity, gzip; q=0.0"]) {
    const plain = await raw(site.port, "/openapi.json", encoding);
    assertEquals(plain.headers["content-encoding"], undefined);
    assertEquals(JSON.parse(plain.body.toString()).openapi, "3.1.0");
  }
});

Deno.test("small answers, errors and empty ones pass as they are", async () => {
  await using site = await startTestGateway();
  for (const path of ["/healthz", "/ocpp/chargers/NONE/", "/ocpp/chargers/"]) {
    const { headers, body } = await raw(site.port, path, "gzip");
    assertEquals(headers["content-encoding"], undefined);
    JSON.parse(body.toString());
  }
});
