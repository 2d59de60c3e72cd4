import { assertEquals, assertRejects } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";

/** A server that echoes each text frame, or refuses the path `/no`. */
function serve() {
  const seen: { path: string; authorization: string | null }[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const path = new URL(request.url).pathname;
    seen.push({ path, authorization: request.headers.get("authorization") });
    if (path === "/no") return new Response("unknown charger", { status: 404 });
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "ocpp1.6" });
    socket.onmessage = ({ data }) => data === "bye" ? socket.close(1008, "enough") : socket.send(data);
    return response;
  });
  const url = `ws://127.0.0.1:${server.addr.port}`;
  return { url, seen, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test("RawClient sends frames and returns received ones in order", async () => {
  await using server = serve();
  await using client = await RawClient.connect(server.url, { path: "CP1/", username: "CP1", password: "s" });
  client.send([2, "1", "Heartbeat", {}]);
  client.sendText("garbage");
  assertEquals(await client.next(), [2, "1", "Heartbeat", {}]);
  assertEquals(await client.nextText(), "garbage");
  assertEquals(client.protocol, "ocpp1.6");
  assertEquals(server.seen, [{ path: "/CP1/", authorization: `Basic ${btoa("CP1:s")}` }]);
  await client.close();
});

Deno.test("RawClient reports the server's close, and next() rejects after it", async () => {
  await using server = serve();
  await using client = await RawClient.connect(server.url);
  const next = client.next();
  client.sendText("bye");
  await assertRejects(() => next, Error, "1008 enough");
  assertEquals(await client.closed, { code: 1008, reason: "enough" });
});

Deno.test("RawClient.next rejects when no frame comes in time", async () => {
  await using server = serve();
  await using client = await RawClient.connect(server.url);
  await assertRejects(() => client.next(10), Error, "No frame within 10 ms");
  assertEquals(await client.call("Heartbeat", {}, "2"), [2, "2", "Heartbeat", {}]);
  await client.drop();
});

Deno.test("RawClient.connect rejects with status and body when the handshake is refused", async () => {
  await using server = serve();
  const refusal = await assertRejects(() => RawClient.connect(server.url, { path: "/no" }), HandshakeRefused);
  assertEquals([refusal.status, refusal.body], [404, "unknown charger"]);
});
