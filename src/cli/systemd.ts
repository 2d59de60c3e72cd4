// Asking systemd about the gateway's service, and telling it what to do.

export const SERVICE = "ocpp-gateway.service";
const SYSTEMCTL = "/usr/bin/systemctl";

/** What a run of systemctl came to. */
export interface SystemctlResult {
  ok: boolean;
  text: string;
}

/** Runs systemctl. Where there is none, the result is not ok. */
export async function systemctl(...args: string[]): Promise<SystemctlResult> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(SYSTEMCTL, { args, env: { LC_ALL: "C" } })
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

/** Whether this process may change the system. */
export function isRoot(): boolean {
  return Deno.uid() === 0;
}
