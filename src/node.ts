// The modules of Node, each loaded when it is first used: at the start they would take longer than the gateway's own code.

interface Modules {
  buffer: typeof import("node:buffer");
  crypto: typeof import("node:crypto");
  fs: typeof import("node:fs");
  net: typeof import("node:net");
  os: typeof import("node:os");
  process: typeof import("node:process");
  zlib: typeof import("node:zlib");
}

/** Returns a module of Node by its name. */
export function node<Name extends keyof Modules>(name: Name): Modules[Name] {
  return process.getBuiltinModule(`node:${name}`) as unknown as Modules[Name];
}
