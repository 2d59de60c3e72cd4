// `ocpp-gateway serve`: the gateway itself. What runs when no command is named.
import { type Config, describeSettings, readConfig } from "../config.ts";
import { createLog, describeError, type Log } from "../log.ts";
import type { Command } from "./command.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { startService } from "./service.ts";

const STOP_WITHIN_MS = 4_500;

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
  const config = readConfig(args);
  const log = createLog({ level: config.log_level, journald: Deno.env.get("JOURNAL_STREAM") !== undefined });
  const gateway = await start(config, log);
  if (!gateway) return 1;
  announce(config, gateway);
  const service = startService(gateway, config, log);
  const signal = await signalled(log);
  log.info("Stopping", { signal });
  setTimeout(() => Deno.exit(1), STOP_WITHIN_MS);
  service.stopping();
  await Promise.all([service.stop(), gateway.stop()]);
  return 0;
}

/** Deno KV would open another file, or none. */
function refuseKvVariables(): void {
  for (const name of ["DENO_KV_DB_MODE", "DENO_KV_PATH_PREFIX", "DENO_KV_DEFAULT_PATH"]) {
    if (Deno.env.has(name)) throw new Error(`Cannot start: ${name} is set, which would move the database`);
  }
}

async function start(config: Config, log: Log): Promise<Gateway | null> {
  try {
    return await startGateway(config, log);
  } catch (error) {
    const text = error instanceof Deno.errors.AddrInUse
      ? `Cannot start: port ${config.port} is taken`
      : error instanceof Error
      ? error.message
      : String(error);
    console.error(text.split("\n")[0]);
    return null;
  }
}

/** One line with the URLs, for people and for whoever waits for it; then the password that was made up. */
function announce(config: Config, { port, tls_port, setup_code }: Gateway): void {
  const host = config.host === "0.0.0.0" || config.host === "::" ? "localhost" : config.host;
  const urls = `http://${host}:${port}/  chargers: ws://${host}:${port}/<charger id>`;
  const tls = tls_port === null
    ? ""
    : `  and https://${host}:${tls_port}/  wss://${host}:${tls_port}/<charger id>`;
  console.log(`ocpp-gateway serves on http://${config.host}:${port}  admin: ${urls}${tls}`);
  if (setup_code) console.log(`Set up at http://${host}:${port}/ with the one-time code ${setup_code}`);
}

/** Resolves with the name of the first signal to stop. A fault that nobody caught is logged, and ends the program. */
function signalled(log: Log): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, () => resolve(signal));
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    log.error("A fault nobody caught", { error: describeError(event.reason) });
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    log.error("A fault nobody caught", { error: describeError(event.error) });
  });
  return promise;
}
