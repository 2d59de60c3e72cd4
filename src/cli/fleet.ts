// `ocpp-gateway fleet`: the program to which sites send what they store.
import { BadUsage, SITE_ID } from "../config.ts";
import { CODE_MS, newCode } from "../fleet/codes.ts";
import type { FleetEngine } from "../fleet/engine.ts";
import { startFleetServer } from "../fleet/fleet_server.ts";
import { openKvEngine } from "../fleet/kv_engine.ts";
import { createLog, type Log } from "../log.ts";
import { sha256 } from "../store/changes/link_keys.ts";
import { parseArguments } from "./arguments.ts";
import type { Command, Output } from "./command.ts";
import { logUncaughtErrors } from "./uncaught.ts";

export const command: Command = { run: fleet };

const OPTIONS = {
  "store": { type: "string", help: "postgres:// URL, or path of a KV file (OCPP_FLEET_STORE; ./fleet.db)" },
  "host": { type: "string", help: "address to listen on (0.0.0.0)" },
  "port": { type: "string", help: "port to listen on (8100); 0: any free one, which is printed" },
  "tls-cert": { type: "string", help: "TLS certificate file; without it a proxy in front must speak TLS" },
  "tls-key": { type: "string", help: "private key file of the certificate" },
  "enrol": { type: "string", help: "print a one-time code for the site with this id, and end" },
  "sites": { type: "boolean", help: "print the sites and what they have sent, and end" },
} as const;

async function fleet(args: string[], output: Output = console): Promise<number> {
  const given = parseArguments(args, { name: "fleet", options: OPTIONS });
  if (!given) return 0;
  const values = given.values as Record<keyof typeof OPTIONS, string | undefined>;
  const store = values.store ?? Deno.env.get("OCPP_FLEET_STORE") ?? "./fleet.db";
  if (values.enrol !== undefined && !SITE_ID.test(values.enrol)) {
    throw new BadUsage("--enrol must be 1 to 64 letters, digits, '.', '_' or '-'");
  }
  const log = createLog({ level: "info", journald: Deno.env.get("JOURNAL_STREAM") !== undefined });
  logUncaughtErrors(log); // of a lost connection to PostgreSQL, say
  const engine = await openEngine(store, log);
  try {
    if (values.enrol !== undefined) return await enrol(engine, values.enrol, output);
    if (values.sites) return await printSites(engine, output);
    return await serve({ engine, log, output }, values);
  } finally {
    await engine.close();
  }
}

/** Opens the fleet's database; its client is loaded only where it is used. */
async function openEngine(store: string, log: Log): Promise<FleetEngine> {
  if (!/^postgres(ql)?:/.test(store)) return await openKvEngine(store);
  const { openPostgresEngine } = await import("../fleet/postgres_engine.ts");
  return await openPostgresEngine(store, {
    onLeftOut: (what) => log.warn("A record is in no table", { what }),
  });
}

async function enrol(engine: FleetEngine, site_id: string, output: Output): Promise<number> {
  const code = newCode();
  await engine.addCode(await sha256(code), site_id, Date.now() + CODE_MS);
  output.log(code);
  return 0;
}

async function printSites(engine: FleetEngine, output: Output): Promise<number> {
  for (const { site_id, as_of, waiting, fenced_at, program } of await engine.sites()) {
    const state = fenced_at
      ? `another gateway was refused at ${fenced_at}`
      : waiting > 0
      ? `${waiting} keys wait`
      : "complete";
    output.log(`${site_id}  as of ${as_of ?? "never"}  ${state}  ${program ?? ""}`.trimEnd());
  }
  return 0;
}

async function serve(
  { engine, log, output }: { engine: FleetEngine; log: Log; output: Output },
  { host = "0.0.0.0", port: text = "8100", ...values }: Record<keyof typeof OPTIONS, string | undefined>,
): Promise<number> {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new BadUsage(`--port must be a whole number from 0 to 65535, not '${text}'`);
  }
  const [cert, key] = [values["tls-cert"], values["tls-key"]];
  if ((cert === undefined) !== (key === undefined)) {
    throw new BadUsage("--tls-cert and --tls-key must be given together");
  }
  const tls = cert && key ? { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) } : null;
  const server = await startFleetServer({ engine, log, host, port, tls });
  output.log(`ocpp-gateway fleet listens on ${tls ? "wss" : "ws"}://${host}:${server.port}/`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, () => resolve());
  });
  await server.stop();
  return 0;
}
