// What a machine must have for the gateway to run on it.
import { isActive } from "./systemd.ts";

/** One thing that was looked at. */
export interface Check {
  name: string;
  state: "ok" | "warn" | "bad";
  text: string;
  /** What to do about it. */
  advice?: string;
}

export function isBad({ state }: Check): boolean {
  return state === "bad";
}

/** Architecture, C library and page size. */
export async function machineChecks(): Promise<Check[]> {
  return [
    architecture(Deno.build.arch),
    libc(await getconf("GNU_LIBC_VERSION")),
    pageSize(await getconf("PAGESIZE")),
  ];
}

export function architecture(arch: string): Check {
  const text = `the processor is ${arch}`;
  if (arch === "x86_64" || arch === "aarch64") return { name: "architecture", state: "ok", text };
  return { name: "architecture", state: "bad", text, advice: "a 64-bit system is needed" };
}

/** glibc 2.27 is what Deno itself was linked with. */
export function libc(version: string): Check {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) {
    return {
      name: "libc",
      state: "warn",
      text: "the C library does not say its version",
      advice: "glibc 2.27 or newer is needed",
    };
  }
  const enough = Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 27);
  const text = `the C library is ${version}`;
  return enough
    ? { name: "libc", state: "ok", text }
    : { name: "libc", state: "bad", text, advice: "glibc 2.27 or newer is needed" };
}

/** A Raspberry Pi 5 has pages of 16 KiB by default; V8 itself is not proved on them. */
export function pageSize(text: string): Check {
  const size = Number(text);
  if (size === 4096) return { name: "page size", state: "ok", text: "pages have 4 KiB" };
  if (!(size > 0)) {
    return {
      name: "page size",
      state: "warn",
      text: "the page size is unknown",
      advice: "getconf PAGESIZE should say 4096",
    };
  }
  const advice =
    "if the gateway crashes at once, put kernel=kernel8.img into /boot/firmware/config.txt and reboot";
  return { name: "page size", state: "warn", text: `pages have ${size / 1024} KiB`, advice };
}

/** Whether the gateway can listen, or does already. */
export async function portCheck(host: string, port: number): Promise<Check> {
  const name = "port";
  try {
    Deno.listen({ hostname: host, port }).close();
    return { name, state: "ok", text: `${port} is free` };
  } catch (error) {
    if (await isActive()) return { name, state: "ok", text: `${port} is the running gateway's` };
    const taken = error instanceof Deno.errors.AddrInUse;
    return {
      name,
      state: "bad",
      text: `${port} ${taken ? "is taken" : "cannot be listened on"}`,
      advice: taken
        ? "end the other program, or choose another --port"
        : "choose an address of this machine, and a port that this user may have",
    };
  }
}

async function getconf(name: string): Promise<string> {
  try {
    const { stdout } = await new Deno.Command("/usr/bin/getconf", { args: [name], stderr: "null" }).output();
    return new TextDecoder().decode(stdout).trim();
  } catch {
    return "";
  }
}
