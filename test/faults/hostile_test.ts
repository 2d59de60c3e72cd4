// Hostile peers against the running program, on both listeners. On the TLS listener memory grows by less than 64 MB and
// another charger is answered within a second throughout; what the plain one cannot bound is printed as it is.
import { assert } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { PASSWORD } from "../kit/gateway.ts";
import { makeCa } from "../kit/certificates.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const MAX_GROWTH_MB = 64;
const MAX_ANSWER_MS = 1000;
const PLAIN_FRAGMENTS_MIB = 128; // they are all buffered there

/** A gateway as a process. */
interface Running extends AsyncDisposable {
  pid: number;
  folder: string;
  ports: { plain: number; tls: number };
}

const ATTACKS: [attack: string, on_tls: number, on_plain: number][] = [
  ["fragments", 1024, PLAIN_FRAGMENTS_MIB],
  ["deaf", 4, 4],
  ["flood", 4, 4],
  ["slowloris", 400, 400],
  ["idle", 2000, 2000],
];

for (const [attack, on_tls, on_plain] of ATTACKS) {
  Deno.test(`hostile peer: ${attack}`, async () => {
    for (const [listener, amount] of [["tls", on_tls], ["plain", on_plain]] as const) {
      await using gateway = await run();
      const { growth_mb, slowest_ms, done } = await under(gateway, attack, listener, amount);
      console.log(
        `${attack} on ${listener}: ${
          JSON.stringify(done)
        }, grew by ${growth_mb} MB, slowest Heartbeat ${slowest_ms} ms`,
      );
      if (listener === "plain") continue; // as it is
      assert(slowest_ms < MAX_ANSWER_MS, `another charger waited ${slowest_ms} ms`);
      assert(growth_mb < MAX_GROWTH_MB, `grew by ${growth_mb} MB`);
    }
  });
}

/** Runs an attack while a charger on the other listener sends Heartbeats. */
async function under(
  { pid, ports, folder }: Running,
  attack: string,
  listener: "tls" | "plain",
  amount: number,
) {
  const url = listener === "tls" ? `wss://127.0.0.1:${ports.tls}` : `ws://127.0.0.1:${ports.plain}`;
  const ca = `${folder}/ca.pem`;
  await using charger = await RawClient.connect(url, {
    path: "/GOOD",
    tls: { ca: await Deno.readTextFile(ca) },
  });
  await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  for (let n = 0; n < 20; n++) await charger.call("Heartbeat");
  const before = rssOf(pid);
  let peak = before;
  let slowest = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      const sent = performance.now();
      await charger.call("Heartbeat");
      slowest = Math.max(slowest, performance.now() - sent);
      peak = Math.max(peak, rssOf(pid));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const args = [
    "run",
    "-A",
    `${ROOT}test/faults/attacker.ts`,
    attack,
    String(ports[listener]),
    listener,
    String(amount),
    ca,
  ];
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), { args }).output();
  over = true;
  await watching;
  assert(success, new TextDecoder().decode(stderr));
  return {
    growth_mb: Math.round(peak - before),
    slowest_ms: Math.round(slowest),
    done: JSON.parse(new TextDecoder().decode(stdout)),
  };
}

/** Resident memory of a process, MB. */
function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1]) / 1024;
}

async function run(): Promise<Running> {
  const folder = await Deno.makeTempDir();
  const ca = await makeCa("CA");
  const { cert, key } = await ca.issue({ common_name: "gw", names: ["127.0.0.1"], usage: "server" });
  await Deno.writeTextFile(`${folder}/ca.pem`, ca.cert);
  await Deno.writeTextFile(`${folder}/cert.pem`, cert);
  await Deno.writeTextFile(`${folder}/key.pem`, key);
  const options = [
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--tls-port",
    "0",
    "--data-dir",
    `${folder}/data`,
    "--log-level",
    "error",
  ];
  const child = new Deno.Command("sh", {
    args: [
      `${ROOT}src/cli/serve.sh`,
      ...options,
      "--tls-cert",
      `${folder}/cert.pem`,
      "--tls-key",
      `${folder}/key.pem`,
    ],
    env: { OCPP_ADMIN_PASSWORD: PASSWORD, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const line = new TextDecoder().decode((await reader.read()).value);
  const [, plain, tls] = /127\.0\.0\.1:(\d+).*https:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? [];
  return {
    pid: child.pid,
    folder,
    ports: { plain: Number(plain), tls: Number(tls) },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
