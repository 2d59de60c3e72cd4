// Attempts to exceed the permissions that the gateway needs.

/** The attempts, each with true if it was refused. */
export type Probed = Record<string, boolean>;

/** Makes the attempts. `own` is the data directory of the gateway. */
export function probe(own: string): Probed {
  return {
    "read elsewhere": refused(() => Deno.readTextFileSync("/etc/hostname")),
    "read by a detour": refused(() => Deno.readTextFileSync(`${own}/../../etc/hostname`)),
    "list elsewhere": refused(() => [...Deno.readDirSync("/")]),
    "write elsewhere": refused(() => Deno.writeTextFileSync(`${own}/../elsewhere`, "x")),
    "run": refused(() => new Deno.Command("/bin/true").outputSync()),
    "ffi": refused(() => Deno.dlopen("libc.so.6", {})),
    "env": refused(() => Deno.env.get("HOME")),
    "hostname": refused(() => Deno.hostname()),
    "read own": refused(() => [...Deno.readDirSync(own)]),
    "write own": refused(() => Deno.writeTextFileSync(`${own}/probe`, "x")),
    "env own": refused(() => Deno.env.get("OCPP_PORT")),
  };
}

function refused(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotCapable;
  }
}

if (import.meta.main && Deno.args[0]) console.log(JSON.stringify(probe(Deno.args[0])));
else globalThis.onmessage = ({ data }) => (globalThis as unknown as Worker).postMessage(probe(data));
