// Parsing and help of the arguments of subcommands that work on an installed gateway.
import { parseArgs } from "node:util";
import { BadUsage, type Config, readConfig } from "../config.ts";

/** An option of a command. */
export interface Option {
  type: "string" | "boolean";
  help: string;
}

/** The parsed arguments of a command. */
export interface ParsedArguments {
  values: Record<string, string | boolean | undefined>;
  /** The positional argument, such as FILE. */
  file: string | undefined;
}

/** The arguments that a command takes; `file` is the name of its positional argument. */
export interface Usage {
  name: string;
  file?: string;
  required?: boolean;
  options: Record<string, Option>;
}

/** Options that locate the database. */
export const DATABASE_OPTIONS: Record<string, Option> = {
  "data-dir": { type: "string", help: "data directory of the gateway" },
  "kv": { type: "string", help: "path of the database, if it is not in the data directory" },
};

/** Parses the arguments of a command. Prints help and returns null if --help is among them. Throws BadUsage. */
export function parseArguments(args: string[], usage: Usage): ParsedArguments | null {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(describe(usage).join("\n"));
    return null;
  }
  const { values, positionals } = parse(args, usage);
  if (positionals.length > (usage.file ? 1 : 0)) {
    throw new BadUsage(`Unexpected argument '${positionals.at(-1)}'`);
  }
  if (usage.required && positionals.length === 0) {
    throw new BadUsage(`${usage.file} is missing: ocpp-gateway ${usage.name} ${usage.file}`);
  }
  return { values, file: positionals[0] };
}

/** Returns the paths of the data directory and of the database that `serve` would use, and its configuration. Throws BadUsage if the database is not a file. */
export function locateDatabase(
  { values }: ParsedArguments,
): { data_dir: string; path: string; config: Config } {
  const flags = ["data-dir", "kv"].flatMap((name) =>
    typeof values[name] === "string" ? [`--${name}`, values[name]] : []
  );
  const config = readConfig(flags);
  const { data_dir, kv } = config;
  if (kv === ":memory:" || /^https?:/.test(kv)) {
    throw new BadUsage(`The database ${kv} is not a file: name one with --kv`);
  }
  return { data_dir, path: kv, config };
}

function parse(args: string[], { options }: Usage) {
  const types = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
  try {
    return parseArgs({ args, options: types, strict: true, allowPositionals: true });
  } catch (error) {
    throw new BadUsage(String((error as Error).message).split(/[\n.] /)[0]!.replace(/\.$/, ""));
  }
}

function describe({ name, file, required, options }: Usage): string[] {
  const argument = file ? ` ${required ? file : `[${file}]`}` : "";
  const lines = Object.entries(options).map(([option, { type, help }]) =>
    `  ${`--${option}${type === "string" ? " VALUE" : ""}`.padEnd(18)} ${help}`
  );
  return [`ocpp-gateway ${name}${argument} [options]`, "", ...lines];
}
