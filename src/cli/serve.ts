// `ocpp-gateway serve`: runs the gateway; the default command.
import { type Config, describeSettings, readConfig } from "../config.ts";
import type { Command } from "./command.ts";
import { isUnrestricted, realPath, serveInSandbox } from "./system/sandbox.ts";

export const command: Command = { run: serve };

async function serve(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(["ocpp-gateway serve [options]", "", ...describeSettings()].join("\n"));
    return 0;
  }
  refuseKvVariables();
  Deno.permissions.revokeSync({ name: "run" }); // for commands like install only
  const config = resolveLinks(readConfig(args));
  const stop = stopSignal();
  if (isUnrestricted()) return await serveInSandbox(config, stop);
  const { runGateway } = await import("./run_gateway.ts");
  return await runGateway(config, stop);
}

/** Replaces the data directory by its real path: systemd's state directory is a link, and permissions on a link do not cover its target. */
function resolveLinks(config: Config): Config {
  const named = config.data_dir.replace(/(?<=.)\/$/, "");
  const data_dir = realPath(named);
  const kv = config.kv.startsWith(`${named}/`) ? data_dir + config.kv.slice(named.length) : config.kv;
  return { ...config, data_dir, kv };
}

/** Throws Error if a variable is set that makes Deno KV open another file, or none. */
function refuseKvVariables(): void {
  for (const name of ["DENO_KV_DB_MODE", "DENO_KV_PATH_PREFIX", "DENO_KV_DEFAULT_PATH"]) {
    if (Deno.env.has(name)) throw new Error(`Cannot start: unset ${name}, which would move the database`);
  }
}

/** Resolves with the name of the first signal that asks the program to stop. */
function stopSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, () => resolve(signal));
  return promise;
}
