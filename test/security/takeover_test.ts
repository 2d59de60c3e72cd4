// Two connections that compete for one charger: a stranger cannot lock the real one out.
import { connect, type Socket } from "node:net";
import { assertEquals } from "@std/assert";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { handshake } from "../kit/raw_socket.ts";

/** Connects as CP1 from a loopback address; the status of the answer. */
async function connectFrom(
  localAddress: string,
  site: TestGateway,
): Promise<{ status: number; socket: Socket }> {
  const socket = connect({ host: "127.0.0.1", port: site.port, localAddress });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  socket.once("data", (data) => resolve(data.toString())).on("error", reject);
  socket.write(handshake("/CP1"));
  return { status: Number((await promise).split(" ")[1]), socket };
}

Deno.test("of two that fight for a charger the address that it had for long is never refused", async () => {
  let now = Date.parse("2026-06-01T00:00:00Z");
  const sockets: Socket[] = [];
  await using site = await startTestGateway({ settings: { max_takeovers_per_minute: 2 }, now: () => now });
  const statusFrom = async (address: string) => {
    const { status, socket } = await connectFrom(address, site);
    sockets.push(socket);
    return status;
  };
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  assertEquals(await statusFrom("127.0.0.1"), 101);
  now += 11 * 60_000;
  const stranger: number[] = [];
  const real: number[] = [];
  for (let n = 0; n < 5; n++) {
    stranger.push(await statusFrom("127.0.0.2"));
    real.push(await statusFrom("127.0.0.1"));
  }
  assertEquals(stranger, [101, 101, 429, 429, 429]);
  assertEquals(real, [101, 101, 101, 101, 101]);
  for (const socket of sockets) socket.destroy();
});
