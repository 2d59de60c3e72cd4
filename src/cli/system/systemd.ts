// Calls of systemctl and journalctl for the gateway's service.

export const SERVICE = "ocpp-gateway.service";
const SYSTEMCTL = "/usr/bin/systemctl";
const JOURNALCTL = "/usr/bin/journalctl";
const TRIES = 15;
const TRY_MS = 200;

/** The result of a run of systemctl or journalctl; `text` is its output. */
export interface SystemctlResult {
  ok: boolean;
  text: string;
}

/** Runs systemctl. The result is not ok if the machine has none. */
export async function systemctl(...args: string[]): Promise<SystemctlResult> {
  return await run(SYSTEMCTL, args);
}

async function run(program: string, args: string[]): Promise<SystemctlResult> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, { args, env: { LC_ALL: "C" } })
      .output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    return { ok: success, text: text.trim() };
  } catch (error) {
    return { ok: false, text: error instanceof Error ? error.message : String(error) };
  }
}

/** Returns true if the machine runs systemd. */
export async function hasSystemd(): Promise<boolean> {
  return await Deno.stat("/run/systemd/system").then(({ isDirectory }) => isDirectory, () => false);
}

/** Returns true if the gateway's service is active. */
export async function isActive(): Promise<boolean> {
  return (await systemctl("is-active", SERVICE)).text === "active";
}

/** Returns properties of the service, such as `ActiveState` and `StatusText`, by name. */
export async function properties(...names: string[]): Promise<Record<string, string>> {
  const { text } = await systemctl("show", SERVICE, "--property", names.join());
  return Object.fromEntries(
    text.split("\n").map((line) => [line.split("=")[0]!, line.slice(line.indexOf("=") + 1)]),
  );
}

/** Returns the last `Cannot …` line that the service logged since `since`, ms since 1970, or null. Retries, since the journal may lag behind. */
export async function lastError(since = 0): Promise<string | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const words = (await recentLog(since)).findLast((line) => line.startsWith("Cannot "));
    if (words !== undefined) return words;
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
  return null;
}

/** Returns the last 50 lines that the service logged since `since`, ms since 1970. */
export async function recentLog(since = 0): Promise<string[]> {
  const from = `--since=@${(since / 1000).toFixed(3)}`;
  const { text } = await run(JOURNALCTL, [
    `--unit=${SERVICE}`,
    from,
    "--lines=50",
    "--output=cat",
    "--no-pager",
  ]);
  return text.split("\n");
}

/** Returns true if this process runs as root. */
export function isRoot(): boolean {
  return Deno.uid() === 0;
}
