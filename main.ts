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
