// `ocpp-gateway log`: prints the OCPP messages of the message log, as JSON lines, oldest first.
import { readLog } from "../central/read_log.ts";
import { BadUsage, readConfig } from "../config.ts";
import { DATABASE_OPTIONS, parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { requireAccess } from "./data_dir.ts";

export const command: Command = { run: log };

const OPTIONS = {
  "data-dir": DATABASE_OPTIONS["data-dir"]!,
  "charger": { type: "string", help: "id of the charger whose messages are printed" },
  "since": {
    type: "string",
    help: "first time, such as 2026-03-01T08:00:00Z, or how long ago: 90s, 30m, 2h, 7d",
  },
  "until": { type: "string", help: "time before which messages are printed, given in the same way" },
} as const;
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const BATCH_CHARS = 65_536;

const encoder = new TextEncoder();

async function log(args: string[]): Promise<number> {
  const given = parseArguments(args, { name: "log", options: OPTIONS });
  if (!given) return 0;
  const { "data-dir": named, charger, since, until } = given.values as Record<string, string | undefined>;
  const query = { charger_id: charger, since: timeOf("--since", since), until: timeOf("--until", until) };
  const { data_dir } = readConfig(named === undefined ? [] : ["--data-dir", named]);
  await requireAccess(data_dir, "read the message log");
  const folder = `${data_dir}/log`;
  if (!await Deno.stat(folder).catch(() => null)) throw new Error(`There is no message log in ${data_dir}`);
  try {
    await print(readLog(folder, query));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // `… | head` has seen enough
  }
  return 0;
}

/** Reads a time or an age; ms since 1970. Throws BadUsage. */
function timeOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const time = unit ? Date.now() - Number(count) * UNITS[unit]! : Date.parse(text);
  if (!Number.isNaN(new Date(time).getTime())) return time;
  throw new BadUsage(
    `${flag} must be a time such as 2026-03-01T08:00:00Z, or an age such as 2h, not '${text}'`,
  );
}

async function print(lines: AsyncIterable<string>): Promise<void> {
  let batch = "";
  for await (const line of lines) {
    batch += `${line}\n`;
    if (batch.length > BATCH_CHARS) batch = await written(batch);
  }
  await written(batch);
}

async function written(text: string): Promise<""> {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
  return "";
}
