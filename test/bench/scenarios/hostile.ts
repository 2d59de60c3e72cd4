// Hostile peers and files: the longest that another charger waits, and the longest that a map takes.
import { ATTACKS, endure } from "../../faults/attack.ts";
import type { Probe } from "../../fuzz/map_probe.ts";
import type { Bench } from "../bench.ts";

const PROBE = new URL("../../fuzz/map_probe.ts", import.meta.url).pathname;

/** The slowest Heartbeat under each attack, on the TLS listener, which bounds what a peer can do; and hostile maps. */
export async function hostile({ report, quick, folder }: Bench): Promise<void> {
  report.title("hostile: another charger's Heartbeats under attack, and hostile maps");
  for (const attack of Object.keys(ATTACKS).slice(0, quick ? 1 : undefined)) {
    const { slowest_ms, growth_mb } = await endure(attack, "tls");
    report.note(`${attack}: memory grew by ${growth_mb} MB`);
    report.figure(`slowest Heartbeat under ${attack}`, slowest_ms, { at_most: 1000 }, { unit: "ms" });
  }
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--unstable-worker-options", "-A", PROBE, folder],
  }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  const slowest = Math.max(...lines.map((line) => (JSON.parse(line) as Probe).took_ms));
  report.figure(`slowest of ${lines.length} hostile maps`, slowest, { at_most: 20_000 }, { unit: "ms" });
}
