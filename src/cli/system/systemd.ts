// Asking systemd about the gateway's service, and telling it what to do.

export const SERVICE = "ocpp-gateway.service";
const SYSTEMCTL = "/usr/bin/systemctl";
const JOURNALCTL = "/usr/bin/journalctl";
const TRIES = 15;
const TRY_MS = 200;

/** What a run of systemctl, or of journalctl, came to. */
export interface SystemctlResult {
  ok: boolean;
  text: string;
}

/** Runs systemctl. Where there is none, the result is not ok. */
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

/** Whether the machine is run by systemd. */
export async function hasSystemd(): Promise<boolean> {
  return await Deno.stat("/run/systemd/system").then(({ isDirectory }) => isDirectory, () => false);
}

/** Whether the gateway's service runs. */
export async function isActive(): Promise<boolean> {
  return (await systemctl("is-active", SERVICE)).text === "active";
}

/** Properties of the service: `ActiveState`, `StatusText` … */
export async function properties(...names: string[]): Promise<Record<string, string>> {
  const { text } = await systemctl("show", SERVICE, "--property", names.join());
  return Object.fromEntries(
    text.split("\n").map((line) => [line.split("=")[0]!, line.slice(line.indexOf("=") + 1)]),
  );
}

/** Why the service did not start since `since`, ms, in its own words; null where it said nothing. The journal may lag behind. */
export async function lastWords(since = 0): Promise<string | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const words = (await recentLog(since)).findLast((line) => line.startsWith("Cannot "));
    if (words !== undefined) return words;
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
  return null;
}

/** What the service wrote last, at or after `since`, ms. */
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

/** Whether this process may change the system. */
export function isRoot(): boolean {
  return Deno.uid() === 0;
}
