// A slow disk for benchmarks: an LD_PRELOAD library, built with cc, that delays every fsync.
const SOURCE = new URL("./slowsync.c", import.meta.url).pathname;

/** Delay added to each fsync, ms. */
export const SYNC_MS = 5;

/** Environment of a process with slow fsyncs; null without cc or LD_PRELOAD. */
export async function slowSync(folder: string): Promise<Record<string, string> | null> {
  if (Deno.build.os !== "linux") return null;
  const library = `${folder}/slowsync.so`;
  try {
    const args = ["-O2", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"];
    const { success } = await new Deno.Command("cc", { args, stdout: "null", stderr: "null" }).output();
    return success ? { LD_PRELOAD: library, SLOWSYNC_US: String(SYNC_MS * 1000) } : null;
  } catch {
    return null;
  }
}
