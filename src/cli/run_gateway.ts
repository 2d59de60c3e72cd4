// The gateway as a process: output, signals, restarts and exit code.
import { BadUsage, type Config } from "../config.ts";
import { createLog, type Log } from "../log.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { logUncaughtErrors } from "./uncaught.ts";
import { startService } from "./system/service.ts";

const STOP_WITHIN_MS = 4_500;

/** Runs a gateway until `stop` resolves with a signal's name; resolves with the exit code. */
export async function runGateway(config: Config, stop: Promise<string>): Promise<number> {
  const log = createLog({ level: config.log_level, journald: Deno.env.get("JOURNAL_STREAM") !== undefined });
  logUncaughtErrors(log);
  for (let port = config.port;;) {
    const gateway = await start({ ...config, port }, log);
    if (typeof gateway === "number") return gateway;
    printUrls(config, gateway);
    port = gateway.port;
    const service = startService(gateway, config, log);
    const signal = await Promise.race([stop, gateway.services.maintenance.restart.promise]);
    log.info(signal ? "Stopping" : "Restarting", { signal: signal ?? undefined });
    if (signal) setTimeout(() => Deno.exit(1), STOP_WITHIN_MS);
    if (signal) service.stopping();
    await Promise.all([service.stop(), gateway.stop()]);
    if (signal) return 0;
  }
}

/** Starts the gateway; prints why it cannot and returns the exit code otherwise. */
async function start(config: Config, log: Log): Promise<Gateway | number> {
  try {
    return await startGateway(config, log);
  } catch (error) {
    if (error instanceof BadUsage) {
      console.error(error.message);
      return 2;
    }
    const text = error instanceof Deno.errors.AddrInUse
      ? `port ${config.port} is in use`
      : error instanceof Error
      ? error.message
      : String(error);
    console.error(`Cannot start: ${text.split("\n")[0]!.replace(/^Cannot start: /, "")}`);
    return 1;
  }
}

/** Prints one line with the URLs, which also tells scripts that the gateway is up, then the setup code until an admin password is set. */
function printUrls(config: Config, { port, tls_port, setup_code }: Gateway): void {
  const host = config.host === "0.0.0.0" || config.host === "::" ? "localhost" : config.host;
  const urls = `http://${host}:${port}/  chargers: ws://${host}:${port}/<charger id>`;
  const tls = tls_port === null
    ? ""
    : `  and https://${host}:${tls_port}/  wss://${host}:${tls_port}/<charger id>`;
  console.log(`ocpp-gateway serves on http://${config.host}:${port}  admin: ${urls}${tls}`);
  if (setup_code) console.log(`Set up at http://${host}:${port}/ with the one-time code ${setup_code}`);
}
