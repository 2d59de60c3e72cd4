// JSON is compressed for those who take it.
import { assert, assertEquals } from "@std/assert";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { Buffer } from "node:buffer";
import { AUTHORIZATION, startTestGateway } from "../kit/gateway.ts";

/** An answer as it comes over the wire: `fetch` would decompress it. */
async function raw(port: number, path: string, encoding?: string) {
  const socket = connect(port, "127.0.0.1");
  const accept = encoding === undefined ? "" : `accept-encoding: ${encoding}\r\n`;
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n` +
      `authorization: ${AUTHORIZATION.authorization}\r\n${accept}\r\n`,
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  const answer = Buffer.concat(chunks);
  const end = answer.indexOf("\r\n\r\n");
  return { head: answer.subarray(0, end).toString().toLowerCase(), body: answer.subarray(end + 4) };
}

Deno.test("JSON over 1 kB is compressed for a client that takes gzip, and for no other", async () => {
  await using site = await startTestGateway();
  const { head, body } = await raw(site.port, "/openapi.json", "br, gzip");
  assert(head.includes("content-encoding: gzip") && head.includes("vary: accept-encoding"), head);
  const document = JSON.parse(gunzipSync(body).toString());
  assertEquals(document.openapi, "3.1.0");
  assert(body.length * 5 < JSON.stringify(document).length);
  for (const encoding of [undefined, "br", "gzip;q=0", "identity, gzip; q=0.0"]) {
    const plain = await raw(site.port, "/openapi.json", encoding);
    assert(!plain.head.includes("content-encoding"), plain.head);
    assert(plain.head.includes(`content-length: ${plain.body.length}`), plain.head);
    assertEquals(JSON.parse(plain.body.toString()).openapi, "3.1.0");
  }
});

Deno.test("small answers, errors and empty ones pass as they are", async () => {
  await using site = await startTestGateway();
  for (const path of ["/healthz", "/ocpp/chargers/NONE/", "/ocpp/chargers/"]) {
    const { head, body } = await raw(site.port, path, "gzip");
    assert(!head.includes("content-encoding"), head);
    JSON.parse(body.toString());
  }
});
