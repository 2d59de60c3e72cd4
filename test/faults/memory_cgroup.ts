// A control group with the memory limit of the systemd unit, for gateways that run as processes.

const V1 = "/sys/fs/cgroup/memory";
const V2 = "/sys/fs/cgroup";

/** A control group; processes that enter it are killed beyond its limit. */
export interface MemoryCgroup extends AsyncDisposable {
  /** Returns a command line whose process is in the group. */
  inside(line: readonly string[]): string[];
}

/** Creates a control group with a limit in bytes; null where the machine does not let us. */
export async function memoryCgroup(limit: number): Promise<MemoryCgroup | null> {
  const name = `ocpp-gateway-test-${crypto.randomUUID().slice(0, 8)}`;
  return await create(`${V1}/${name}`, { "memory.limit_in_bytes": limit }) ??
    await create(`${V2}/${name}`, { "memory.max": limit, "memory.swap.max": 0 });
}

async function create(folder: string, limits: Record<string, number>): Promise<MemoryCgroup | null> {
  try {
    await Deno.mkdir(folder);
  } catch {
    return null;
  }
  const remove = () => removeWhenEmpty(folder);
  try {
    for (const [file, value] of Object.entries(limits)) {
      await Deno.writeTextFile(`${folder}/${file}`, String(value), { create: false });
    }
  } catch {
    await remove();
    return null;
  }
  return {
    inside: (line) => ["sh", "-c", `echo $$ > ${folder}/cgroup.procs && exec "$0" "$@"`, ...line],
    [Symbol.asyncDispose]: remove,
  };
}

/** Removes a group; the kernel takes a moment to note that its processes have ended. */
async function removeWhenEmpty(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const removed = await Deno.remove(folder).then(() => true, () => false);
    if (removed) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
