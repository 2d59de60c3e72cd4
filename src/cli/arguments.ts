// Arguments of commands that work on an installed gateway.
import { parseArgs } from "node:util";
import { BadUsage, readConfig } from "../config.ts";

/** An option of a command. */
export interface Option {
  type: "string" | "boolean";
  help: string;
}

/** What a command was given. */
export interface Given {
  values: Record<string, string | boolean | undefined>;
  /** The argument that is no option. */
  file: string | undefined;
}

/** What a command takes; `file` is the name of its one plain argument. */
export interface Usage {
  name: string;
  file?: string;
  required?: boolean;
  options: Record<string, Option>;
}

/** Where the database is. */
export const PLACE: Record<string, Option> = {
  "data-dir": { type: "string", help: "the gateway's data dir" },
  "kv": { type: "string", help: "its database, where that is elsewhere" },
};

/** Reads a command's arguments; null when help was asked for, and given. Throws BadUsage. */
export function readArguments(args: string[], usage: Usage): Given | null {
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

/** The database's file and the data dir, as `serve` would find them. Throws BadUsage where it is no file. */
export function placeOf({ values }: Given): { data_dir: string; path: string } {
  const flags = ["data-dir", "kv"].flatMap((name) =>
    typeof values[name] === "string" ? [`--${name}`, values[name]] : []
  );
  const { data_dir, kv } = readConfig(flags);
  if (kv === ":memory:" || /^https?:/.test(kv)) throw new BadUsage(`The database ${kv} is no file`);
  return { data_dir, path: kv };
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
    `  ${`--${option}${type === "string" ? " …" : ""}`.padEnd(18)} ${help}`
  );
  return [`ocpp-gateway ${name}${argument} [options]`, "", ...lines];
}
