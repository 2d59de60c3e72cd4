// Attacks on a gateway that runs as a process of its own, while another charger sends Heartbeats.
import { assert } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { PASSWORD } from "../kit/gateway.ts";
import { makeCa } from "../kit/certificates.ts";
import { type MemoryCgroup, memoryCgroup } from "./memory_cgroup.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const ATTACKER = `${ROOT}test/faults/attacker.ts`;
const DENO_FRAGMENTS_MIB = 128; // they are all buffered there
const MEMORY_MAX = 450 * 1024 * 1024; // systemd/ocpp-gateway.service

/** A gateway as a process. */
interface Running extends AsyncDisposable {
  pid: number;
  folder: string;
  ports: { plain: number; tls: number };
}

/** The listeners. */
export const LISTENERS = ["deno", "bounded", "tls"] as const;

/** A listener's name. */
export type ListenerName = typeof LISTENERS[number];

/** Attacks of `attacker.ts`, with their amounts. */
export const ATTACKS: Record<string, number> = {
  fragments: 1024,
  deaf: 4,
  flood: 4,
  deep: 255,
  large: 255,
  h2c: 400,
  slowloris: 400,
  idle: 2000,
  bodies: 400,
  announced: 400,
  trickle: 400,
  logins: 400,
  readers: 50,
};

/** The consequences of an attack. */
export interface Endured {
  /** Growth of the gateway's resident memory. */
  growth_mb: number;
  /** Peak of the resident memory. */
  peak_mb: number;
  /** The longest wait of the other charger for the answer to a Heartbeat. */
  slowest_ms: number;
  /** Counts by the attacker. */
  done: Record<string, number>;
}

/**
 * Attacks one listener of a fresh gateway, under the memory limit of the systemd unit where the machine lets us. Throws when
 * the gateway dies, the other charger is not answered, or the attack fails.
 */
export async function endure(attack: string, listener: ListenerName): Promise<Endured> {
  await using cgroup = await memoryCgroup(MEMORY_MAX);
  await using gateway = await run(listener, cgroup);
  const amount = attack === "fragments" && listener === "deno" ? DENO_FRAGMENTS_MIB : ATTACKS[attack]!;
  return await under(gateway, attack, listener, amount);
}

/** Runs the attacker beside the other charger. */
async function under(
  { pid, ports, folder }: Running,
  attack: string,
  listener: ListenerName,
  amount: number,
): Promise<Endured> {
  const tls = listener === "tls";
  const url = tls ? `wss://127.0.0.1:${ports.tls}` : `ws://127.0.0.1:${ports.plain}`;
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
  const port = String(tls ? ports.tls : ports.plain);
  const args = ["run", "-A", ATTACKER, attack, port, tls ? "tls" : "plain", String(amount), ca];
  const [{ stdout, stderr, success }] = await Promise.all([
    new Deno.Command(Deno.execPath(), { args, env: { OCPP_ADMIN_PASSWORD: PASSWORD } }).output().finally(() =>
      over = true
    ),
    watching,
  ]);
  assert(success, new TextDecoder().decode(stderr));
  return {
    growth_mb: Math.round(peak - before),
    peak_mb: Math.round(peak),
    slowest_ms: Math.round(slowest),
    done: JSON.parse(new TextDecoder().decode(stdout)),
  };
}

/** Resident memory of a process, MB. */
function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1]) / 1024;
}

async function run(listener: ListenerName, cgroup: MemoryCgroup | null): Promise<Running> {
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
    "--listener",
    listener === "deno" ? "deno" : "bounded",
    "--tls-cert",
    `${folder}/cert.pem`,
    "--tls-key",
    `${folder}/key.pem`,
  ];
  const line = ["sh", `${ROOT}src/cli/serve.sh`, ...options];
  const [command, ...args] = cgroup?.inside(line) ?? line;
  const child = new Deno.Command(command!, {
    args,
    env: { OCPP_ADMIN_PASSWORD: PASSWORD, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const printed = new TextDecoder().decode((await reader.read()).value);
  const [, plain, tls] = /127\.0\.0\.1:(\d+).*https:\/\/127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
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
