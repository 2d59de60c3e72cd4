// Requirements of the gateway on the machine, as checks.
import { isActive } from "./systemd.ts";

/** The result of one check. */
export interface Check {
  name: string;
  state: "ok" | "warn" | "bad";
  text: string;
  /** The remedy, as an instruction. */
  advice?: string;
}

/** Returns true if the gateway cannot run because of what was found. */
export function isBad({ state }: Check): boolean {
  return state === "bad";
}

/** Checks the processor architecture, the C library and the memory page size. */
export async function machineChecks(): Promise<Check[]> {
  return [
    architecture(Deno.build.arch),
    libc(await getconf("GNU_LIBC_VERSION")),
    pageSize(await getconf("PAGESIZE")),
  ];
}

/** Checks the processor architecture, as in `Deno.build.arch`. */
export function architecture(arch: string): Check {
  const text = `the processor is ${arch}`;
  if (arch === "x86_64" || arch === "aarch64") return { name: "architecture", state: "ok", text };
  return { name: "architecture", state: "bad", text, advice: "use a 64-bit system (x86_64 or aarch64)" };
}

/** Checks the version of glibc, which must be at least the 2.27 that Deno is linked with. */
export function libc(version: string): Check {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) {
    return {
      name: "libc",
      state: "warn",
      text: "the version of the C library is unknown",
      advice: "glibc 2.27 or newer is required",
    };
  }
  const enough = Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 27);
  const text = `the C library is ${version}`;
  return enough
    ? { name: "libc", state: "ok", text }
    : { name: "libc", state: "bad", text, advice: "glibc 2.27 or newer is required" };
}

/** Checks the memory page size, bytes: a Raspberry Pi 5 has 16 KiB by default, on which V8 is not tested. */
export function pageSize(text: string): Check {
  const size = Number(text);
  if (size === 4096) return { name: "page size", state: "ok", text: "memory pages are 4 KiB" };
  if (!(size > 0)) {
    return {
      name: "page size",
      state: "warn",
      text: "the memory page size is unknown",
      advice: "getconf PAGESIZE should print 4096",
    };
  }
  const advice =
    "if the gateway crashes at start, add kernel=kernel8.img to /boot/firmware/config.txt and reboot";
  return { name: "page size", state: "warn", text: `memory pages are ${size / 1024} KiB`, advice };
}

/** Checks that the gateway can listen on the port, or already does. */
export async function portCheck(host: string, port: number): Promise<Check> {
  const name = "port";
  try {
    Deno.listen({ hostname: host, port }).close();
    return { name, state: "ok", text: `${port} is free` };
  } catch (error) {
    if (await isActive()) return { name, state: "ok", text: `${port} is used by the running gateway` };
    const taken = error instanceof Deno.errors.AddrInUse;
    return {
      name,
      state: "bad",
      text: `${port} ${taken ? "is in use" : "cannot be opened"}`,
      advice: taken
        ? "stop the other program, or choose another --port"
        : "choose an address of this machine, and a port that this user may open",
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
