// The limit of open files: thousands of sockets need more than the default of many systems.

/** The command, run with as many open files as are allowed. */
export function withFiles(command: readonly string[]): string[] {
  if (Deno.build.os === "windows") return [...command];
  return ["sh", "-c", 'ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec "$@"', "sh", ...command];
}

/** Returns the number of files that a process may open. */
export async function maxFiles(): Promise<number> {
  if (Deno.build.os === "windows") return Infinity;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", "ulimit -Hn"] }).output();
  return Number(new TextDecoder().decode(stdout)) || Infinity; // "unlimited"
}
