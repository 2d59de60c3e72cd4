// The event loop while old readings are deleted in the background and the database is compacted.
import process from "node:process";
import { Housekeeping } from "../../../src/services/housekeeping.ts";
import { startWithOldReadings } from "../../kit/old_readings.ts";
import type { Bench } from "../bench.ts";

/** The longest time for which the event loop was held up. */
export async function retention({ report }: Bench): Promise<void> {
  report.title("retention: 18 MB of old readings are deleted and the database is compacted");
  await using site = await startWithOldReadings();
  const { maintenance } = site.gateway.services;
  const longest = watchLoop();
  const housekeeping = new Housekeeping({ ...site.gateway.services, retain_ms: 20 });
  housekeeping.start();
  while (await site.left() > 0);
  await housekeeping.stop();
  await maintenance.backups!.compact();
  report.figure("event loop held up for", longest(), { at_most: 100 }, { unit: "ms" });
}

/** Watches the event loop; the returned function ends it and returns the longest hold-up, ms, less the CPU time of others. */
function watchLoop(): () => number {
  let longest = 0;
  let before = { at: performance.now(), cpu: process.cpuUsage() };
  const look = () => {
    const at = performance.now();
    const { user, system } = process.cpuUsage(before.cpu);
    longest = Math.max(longest, Math.min(at - before.at, (user + system) / 1000));
    before = { at, cpu: process.cpuUsage() };
  };
  const timer = setInterval(look, 1);
  return () => {
    look();
    clearInterval(timer);
    return longest;
  };
}
