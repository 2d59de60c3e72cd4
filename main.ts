// The command line of ocpp-gateway: the command table, from which help is printed.
import type { Command } from "./src/cli/command.ts";
import { BadUsage } from "./src/config.ts";
import { VERSION } from "./src/version.ts";

/** Subcommands by name; each module is loaded only when its command runs, so that the gateway starts fast. */
const COMMANDS: Record<string, { summary: string; load: () => Promise<{ command: Command }> }> = {
  serve: {
    summary: "run the gateway (the default command)",
    load: () => import("./src/cli/serve.ts"),
  },
  fleet: {
    summary: "run the fleet: what many sites store, in one PostgreSQL",
    load: () => import("./src/cli/fleet.ts"),
  },
  simulate: {
    summary: "simulate chargers, for this gateway or any other central system",
    load: () => import("./src/cli/simulate.ts"),
  },
  commission: {
    summary: "test a new charger step by step, through a running gateway",
    load: () => import("./src/cli/commission.ts"),
  },
  demo: {
    summary: "run a demo site with eight simulated chargers, in memory, reachable from this computer only",
    load: () => import("./src/cli/demo.ts"),
  },
  cert: {
    summary: "create or import the TLS certificate; --client: create one for a charger",
    load: () => import("./src/cli/cert.ts"),
  },
  "reset-password": {
    summary: "set a new password for a user, even while the gateway is running",
    load: () => import("./src/cli/reset_password.ts"),
  },
  backup: {
    summary: "write all that a new machine needs into a file, even while the gateway is running",
    load: () => import("./src/cli/backup.ts"),
  },
  restore: {
    summary: "replace the database and files with those of a backup",
    load: () => import("./src/cli/restore.ts"),
  },
  install: {
    summary: "install this binary as a system service",
    load: () => import("./src/cli/install.ts"),
  },
  uninstall: {
    summary: "remove the service; --purge also deletes its data",
    load: () => import("./src/cli/uninstall.ts"),
  },
  status: {
    summary: "show the state of the installed gateway",
    load: () => import("./src/cli/status.ts"),
  },
  log: {
    summary: "print the OCPP messages of the log, of one charger or since a time",
    load: () => import("./src/cli/log.ts"),
  },
  doctor: {
    summary: "check this machine and the installation for problems",
    load: () => import("./src/cli/doctor.ts"),
  },
  update: {
    summary: "replace the installed binary with a newer one",
    load: () => import("./src/cli/update.ts"),
  },
  rollback: {
    summary: "go back to the previous version",
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
    "Run 'ocpp-gateway <command> --help' for the options of a command",
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
  if (!entry) throw new BadUsage(`Unknown command '${first}'; run 'ocpp-gateway help' for a list`);
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
