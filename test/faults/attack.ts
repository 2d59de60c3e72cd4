// Attacks on a gateway that runs as a process of its own, while another charger sends Heartbeats.
import { assert } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { PASSWORD } from "../kit/gateway.ts";
import { makeCa } from "../kit/certificates.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const PLAIN_FRAGMENTS_MIB = 128; // they are all buffered there

/** A gateway as a process. */
interface Running extends AsyncDisposable {
  pid: number;
  folder: string;
  ports: { plain: number; tls: number };
}

/** The listeners. */
export type ListenerName = "tls" | "plain";

/** Attacks of `attacker.ts`, with their amounts. */
export const ATTACKS: Record<string, Record<ListenerName, number>> = {
  fragments: { tls: 1024, plain: PLAIN_FRAGMENTS_MIB },
  deaf: { tls: 4, plain: 4 },
  flood: { tls: 4, plain: 4 },
  slowloris: { tls: 400, plain: 400 },
  idle: { tls: 2000, plain: 2000 },
  bodies: { tls: 400, plain: 400 },
};

/** The consequences of an attack. */
export interface Endured {
  /** Growth of the gateway's resident memory. */
  growth_mb: number;
  /** The longest wait of the other charger for the answer to a Heartbeat. */
  slowest_ms: number;
  /** Counts by the attacker. */
  done: Record<string, number>;
}

/** Attacks one listener of a fresh gateway. Throws when the other charger is not answered, or the attack fails. */
export async function endure(attack: string, listener: ListenerName): Promise<Endured> {
  await using gateway = await run();
  return await under(gateway, attack, listener, ATTACKS[attack]![listener]);
}

/** Runs the attacker beside the other charger. */
async function under(
  { pid, ports, folder }: Running,
  attack: string,
  listener: ListenerName,
  amount: number,
): Promise<Endured> {
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
