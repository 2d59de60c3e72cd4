// No file descriptors left: connected chargers stay, and both listeners accept again once there are some.
import { assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { LISTENERS } from "../kit/listeners.ts";
import { runCommand, spawnGateway, tempDir } from "./gateway_process.ts";

const FILES = 120;

/** Connects until the gateway has no descriptor left; further connections wait in the kernel's queue. */
async function crowd(port: number): Promise<AsyncDisposable> {
  const connecting = Array.from({ length: 2 * FILES }, () => Deno.connect({ hostname: "127.0.0.1", port }));
  const connections = (await Promise.allSettled(connecting)).flatMap((each) =>
    each.status === "fulfilled" ? each.value : []
  );
  return { [Symbol.asyncDispose]: () => Promise.resolve(connections.forEach((each) => each.close())) };
}

/** Returns true if a new charger is served. */
async function served(url: string, ca: string): Promise<boolean> {
  try {
    const patience = { timeout_ms: 3000, next_timeout_ms: 3000 };
    await using client = await RawClient.connect(url, { path: "NEW", tls: { ca }, ...patience });
    return (await client.call("Heartbeat"))[0] === 3;
  } catch {
    return false;
  }
}

for (const listener of LISTENERS) {
  Deno.test(`without file descriptors the connected chargers are served, and new ones when there are some again (${listener})`, () =>
    crowded(listener));
}

async function crowded(listener: string): Promise<void> {
  await using folder = await tempDir();
  const data_dir = folder.path;
  assertEquals((await runCommand(["cert", "--data-dir", data_dir, "--names", "127.0.0.1"])).code, 0);
  const ca = await Deno.readTextFile(`${data_dir}/site_ca.pem`);
  const tls = `${data_dir}/tls/server`;
  const args = [
    "--tls-cert",
    `${tls}.crt`,
    "--tls-key",
    `${tls}.key`,
    "--tls-port",
    "0",
    "--listener",
    listener,
  ];
  await using gateway = await spawnGateway({ data_dir, args, max_files: FILES });
  const limits = { max_connections_per_address: 1000, max_connections: 1000 };
  assertEquals((await gateway.rest("PATCH", "/ocpp/settings/", limits)).status, 200);
  const urls = [gateway.ws_url, gateway.wss_url!];
  const connected = await Promise.all(
    urls.map((url, index) => RawClient.connect(url, { path: `CP${index}`, tls: { ca } })),
  );
  const boot = { chargePointVendor: "V", chargePointModel: "M" }; // who does not boot is asked to
  for (const client of connected) await client.call("BootNotification", boot);
  {
    await using _tls = await crowd(Number(new URL(urls[1]!).port));
    await using _plain = await crowd(Number(new URL(urls[0]!).port));
    for (const client of connected) assertEquals((await client.call("Heartbeat"))[0], 3);
    assertEquals(await served(urls[1]!, ca), false, "there are descriptors left");
  }
  for (const url of urls) {
    while (!await served(url, ca)) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const client of connected) {
    assertEquals((await client.call("Heartbeat"))[0], 3);
    await client.drop();
  }
  assertEquals((await gateway.stop()).code, 0);
}
