// `ocpp-gateway serve`: the gateway itself. What runs when no command is named.
import { type Config, describeSettings, readConfig } from "../config.ts";
import type { Command } from "./command.ts";
import { isUnsandboxed, realPath, serveSandboxed } from "./system/sandbox.ts";

export const command: Command = {
  name: "serve",
  summary: "run the gateway (what happens without a command)",
  run: serve,
};

async function serve(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(["ocpp-gateway serve [options]", "", ...describeSettings()].join("\n"));
    return 0;
  }
  refuseKvVariables();
  Deno.permissions.revokeSync({ name: "run" }); // for commands like install only
  const config = throughLinks(readConfig(args));
  const stop = signalled();
  if (isUnsandboxed()) return await serveSandboxed(config, stop);
  const { runGateway } = await import("./run_gateway.ts");
  return await runGateway(config, stop);
}

/** Systemd's state directory is a link, and permissions for a link are none for what it leads to. */
function throughLinks(config: Config): Config {
  const named = config.data_dir.replace(/(?<=.)\/$/, "");
  const data_dir = realPath(named);
  const kv = config.kv.startsWith(`${named}/`) ? data_dir + config.kv.slice(named.length) : config.kv;
  return { ...config, data_dir, kv };
}

/** Deno KV would open another file, or none. */
function refuseKvVariables(): void {
  for (const name of ["DENO_KV_DB_MODE", "DENO_KV_PATH_PREFIX", "DENO_KV_DEFAULT_PATH"]) {
    if (Deno.env.has(name)) throw new Error(`Cannot start: ${name} is set, which would move the database`);
  }
}

/** Resolves with the name of the first signal to stop. */
function signalled(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, () => resolve(signal));
  return promise;
}
