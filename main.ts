// ocpp-gateway: the command table.
import type { Command } from "./src/cli/command.ts";
import { BadUsage } from "./src/config.ts";
import { VERSION } from "./src/version.ts";

/** Commands by name, loaded when they are named: start-up counts. */
const COMMANDS: Record<string, { summary: string; load: () => Promise<{ command: Command }> }> = {
  serve: {
    summary: "run the gateway (what happens without a command)",
    load: () => import("./src/cli/serve.ts"),
  },
  simulate: {
    summary: "be a charger, for this gateway or any other",
    load: () => import("./src/cli/simulate.ts"),
  },
  commission: {
    summary: "prove a new charger step by step, at a running gateway",
    load: () => import("./src/cli/commission.ts"),
  },
  demo: {
    summary: "a lively site to try: six simulated chargers, in memory, on this computer only",
    load: () => import("./src/cli/demo.ts"),
  },
  cert: {
    summary: "make a certificate for TLS, and the site's own authority",
    load: () => import("./src/cli/cert.ts"),
  },
  "reset-password": {
    summary: "give a user a new password, also while the gateway runs",
    load: () => import("./src/cli/reset_password.ts"),
  },
  backup: {
    summary: "copy the database into a file, also while the gateway runs",
    load: () => import("./src/cli/backup.ts"),
  },
  restore: {
    summary: "put a backup in the database's place",
    load: () => import("./src/cli/restore.ts"),
  },
  install: {
    summary: "make this binary a service of the machine",
    load: () => import("./src/cli/install.ts"),
  },
  uninstall: {
    summary: "take the service away; --purge: its data too",
    load: () => import("./src/cli/uninstall.ts"),
  },
  status: {
    summary: "tell how the installed gateway is",
    load: () => import("./src/cli/status.ts"),
  },
  doctor: {
    summary: "look for what may go wrong on this machine",
    load: () => import("./src/cli/doctor.ts"),
  },
  update: {
    summary: "put a new binary in the installed one's place",
    load: () => import("./src/cli/update.ts"),
  },
  rollback: {
    summary: "go back to the version before",
    load: () => import("./src/cli/rollback.ts"),
  },
};

function help(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(14)} ${summary}`);
  return [
    `ocpp-gateway ${VERSION}: OCPP 1.6-J gateway`,
    "",
    ...lines,
    "",
    "ocpp-gateway <command> --help tells its options",
  ].join("\n");
}

async function main(args: string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === "--version" || first === "-V") return print(VERSION);
  if (first === "help" || ((first === "--help" || first === "-h") && rest.length === 0)) return print(help());
  const named = first !== undefined && !first.startsWith("-");
  const entry = Object.hasOwn(COMMANDS, named ? first : "serve")
    ? COMMANDS[named ? first : "serve"]
    : undefined;
  if (!entry) throw new BadUsage(`Unknown command '${first}'; ocpp-gateway help lists them`);
  const { command } = await entry.load();
  return await command.run(named ? rest : args);
}

function print(text: string): number {
  console.log(text);
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message.split("\n")[0] : String(error));
    Deno.exit(error instanceof BadUsage ? 2 : 1);
  }
}
