// CPU time, memory and disk writes, from /proc.
import { readFileSync } from "node:fs";
import process from "node:process";
import { rounded } from "./tally.mjs";

const TICK_MS = 10;

/** Returns the resources that a process has used so far: CPU in ms, memory in MB, bytes written to disk. Zeros where there is no /proc. */
export function usageOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    return {
      cpu: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
      rss: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
      peak: Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024,
      written: Number(/write_bytes: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, "latin1"))[1]),
    };
  } catch {
    return { cpu: 0, rss: 0, peak: 0, written: 0 };
  }
}

/** Busy CPU time of the whole machine in ms: the part that neither server nor generator used is of other processes. */
function machineBusy() {
  try {
    const line = readFileSync("/proc/stat", "latin1").split("\n")[0];
    const [user, nice, system, , , irq, softirq, steal] = line.trim().split(/\s+/).slice(1).map(Number);
    return (user + nice + system + irq + softirq + steal) * TICK_MS;
  } catch {
    return 0;
  }
}

/** Starts measuring; the returned function ends it and tells what was used meanwhile. */
export function measure(pid) {
  const start = performance.now();
  const own = process.cpuUsage();
  const busy = machineBusy();
  const before = usageOf(pid);
  return (msgs) => {
    const ms = performance.now() - start;
    const after = usageOf(pid);
    const { user, system } = process.cpuUsage(own);
    const percent = (cpu_ms) => rounded(cpu_ms / ms * 100, 1);
    const loadgen = (user + system) / 1000;
    const server = after.cpu - before.cpu;
    return {
      loadgen_cpu_pct: percent(loadgen),
      other_cpu_pct: percent(Math.max(0, machineBusy() - busy - loadgen - server)),
      server: {
        cpu_us_per_msg: rounded(server * 1000 / Math.max(1, msgs), 2),
        cpu_pct: percent(server),
        rss_mb: rounded(after.rss, 1),
        peak_mb: rounded(after.peak, 1),
        written: after.written - before.written,
      },
    };
  };
}
