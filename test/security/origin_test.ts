// Web pages that act as chargers, and host names that are not the gateway's (DNS rebinding).
import { assertEquals } from "@std/assert";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import type { TestGateway } from "../kit/gateway.ts";
import { onEachListener } from "../kit/listeners.ts";
import { RawSocket } from "../kit/raw_socket.ts";

async function knock(site: TestGateway, headers: Record<string, string>): Promise<number> {
  try {
    await using client = await RawClient.connect(site.ws_url, { path: "/CP1", headers });
    assertEquals((await client.call("Heartbeat"))[0], 3);
    return 101;
  } catch (error) {
    if (error instanceof HandshakeRefused) return error.status;
    throw error;
  }
}

async function statusFor(site: TestGateway, host: string, path: string): Promise<number> {
  using socket = await RawSocket.open(site.url);
  await socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  return Number((await socket.read()).split(" ")[1]);
}

onEachListener(
  "a websocket of a foreign page is refused before the upgrade, unless the charger's quirks allow it",
  async (start) => {
    await using site = await start();
    await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
    const browser = { origin: "http://evil.example" };
    assertEquals(await knock(site, browser), 403);
    assertEquals(await knock(site, { "sec-fetch-site": "cross-site" }), 403);
    assertEquals(await knock(site, { "sec-fetch-site": "none" }), 403);
    assertEquals(await knock(site, { origin: "null" }), 403);
    assertEquals(await knock(site, { origin: site.url, "sec-fetch-site": "same-origin" }), 403);
    assertEquals(
      await knock(site, { origin: site.url }),
      101,
      "some chargers send their server as the origin",
    );
    assertEquals(await knock(site, { "sec-fetch-mode": "websocket" }), 101, "Node's WebSocket sends it");
    await site.rest("PATCH", "/ocpp/chargers/CP1/", { quirks: { allow_origin: true } });
    assertEquals(await knock(site, browser), 101);
  },
);

onEachListener(
  "a request for a host name that is not the gateway's is answered 421 on every route",
  async (start) => {
    await using site = await start({
      config: { public_url: "https://charge.example:444" },
      settings: { mdns_name: "garage", allowed_hosts: "One.lan, two.lan" },
    });
    for (
      const path of ["/healthz", "/ocpp/chargers/", "/admin/", "/ocpp/c/CP1/", "/openapi.json", "/login"]
    ) {
      assertEquals(await statusFor(site, "evil.example", path), 421, path);
      assertEquals(await statusFor(site, `evil.example:${site.port}`, path), 421, path);
    }
    const own = [
      "127.0.0.1",
      "10.1.2.3:8000",
      "[::1]:8000",
      "LOCALHOST",
      "garage.local:8000",
      "charge.example",
    ];
    for (const host of [...own, "one.lan", "two.lan:80"]) {
      assertEquals(await statusFor(site, host, "/healthz"), 200, host);
    }
    assertEquals(await statusFor(site, "evil.example", "/files/firmware/none"), 404, "chargers use any name");
  },
);

onEachListener("a charger connects by any host name, a page only by the gateway's", async (start) => {
  await using site = await start();
  const upgrade = async (more: string) => {
    using socket = await RawSocket.open(site.url);
    await socket.write(
      `GET /CP1 HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${more}` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        "Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n",
    );
    return Number((await socket.read()).split(" ")[1]);
  };
  assertEquals(await upgrade(""), 101);
  assertEquals(await upgrade("Origin: http://evil.example\r\n"), 403);
});
