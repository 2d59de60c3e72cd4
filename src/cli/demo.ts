// `ocpp-gateway demo`: a site with simulated chargers to try, in memory and on this computer only.
import { BadUsage, parseFlags, readConfig } from "../config.ts";
import { createLog, type Log } from "../log.ts";
import type { Command } from "./command.ts";
import { seed } from "./demo_site.ts";
import { measure } from "./demo_fuse.ts";
import { type Gateway, startGateway } from "./gateway.ts";

/** Public: the demo has no secrets and accepts connections from this computer only. */
export const DEMO_PASSWORD = "demo-demo";

export const command: Command = { run: demo };

/** Starts the demo's gateway. Throws as startGateway does. */
export async function startDemo(port: string, log: Log): Promise<Gateway> {
  const args = ["--host", "127.0.0.1", "--port", port, "--kv", ":memory:"];
  const defaults = readConfig(args, () => undefined);
  const data_dir = `${defaults.data_dir}/demo`; // apart from the files of a real site
  const config = { ...defaults, data_dir, admin_password: DEMO_PASSWORD };
  const gateway = await startGateway(config, log);
  try {
    await seed(gateway.services);
    const { simulators, load } = gateway.services;
    await simulators.start();
    simulators.running("Cumbres")!.fault(1, { error_code: "GroundFailure", info: "RCD tripped" });
    const end = measure(load, Date.now);
    return {
      ...gateway,
      stop() {
        end();
        return gateway.stop();
      },
    };
  } catch (error) {
    await gateway.stop();
    throw error;
  }
}

async function demo(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(`ocpp-gateway demo [--port N]\n\n  --port N   (8000; 0 = a free one)`);
    return 0;
  }
  const { port = "8000" } = parseFlags(args, { port: { type: "string" } });
  const gateway = await start(port);
  const url = `http://localhost:${gateway.port}/`;
  console.log(
    `The demo runs at ${url}  user: admin  password: ${DEMO_PASSWORD}  Ctrl+C stops it; nothing is kept`,
  );
  await interrupted();
  await gateway.stop();
  return 0;
}

async function start(port: string): Promise<Gateway> {
  try {
    return await startDemo(port, createLog({ level: "warn" }));
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new BadUsage(`Port ${port} is in use: try --port 0`);
  }
}

function interrupted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => resolve());
  return promise;
}
