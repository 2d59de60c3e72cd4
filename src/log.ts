// The program's own log: one line per event on stderr, with journald's priorities under systemd.

/** Levels from the least to the most urgent. */
export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = typeof LEVELS[number];

/** Fields of an event, logged as `name=value`. They must not hold secrets. */
export type Fields = Record<string, string | number | boolean | null | undefined>;

/** A log with a method for each level. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** Options of a log. */
export interface LogOptions {
  level: Level;
  /** Prefixes lines with `<priority>` instead of the time, which journald adds itself. */
  journald?: boolean;
  write?: (line: string) => void;
  now?: () => number;
}

const PRIORITY: Record<Level, number> = { debug: 7, info: 6, warn: 4, error: 3 };

/** Creates a log that drops events below `level`. */
export function createLog({ level, journald = false, write = toStderr, now = Date.now }: LogOptions): Log {
  const threshold = LEVELS.indexOf(level);
  const at = (name: Level) => (message: string, fields: Fields = {}) => {
    if (LEVELS.indexOf(name) < threshold) return;
    const prefix = journald ? `<${PRIORITY[name]}>` : `${new Date(now()).toISOString()} ${name.padEnd(5)} `;
    write(prefix + message + describe(fields) + "\n");
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** A log that drops everything. */
export const SILENT: Log = createLog({ level: "error", write: () => {} });

/** Returns an error with its stack on one line. */
export function describeError(error: unknown): string {
  return error instanceof Error
    ? (error.stack ?? String(error)).replaceAll(/\s*\n\s*/g, " | ")
    : String(error);
}

function describe(fields: Fields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${quote(String(value))}`).join("");
}

// deno-lint-ignore no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Escapes control characters, so that text from the network can neither forge a line nor control a terminal. */
function quote(text: string): string {
  const safe = text.replaceAll(
    UNPRINTABLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return /[\s="]/.test(safe) ? JSON.stringify(safe) : safe;
}

const encoder = new TextEncoder();

function toStderr(line: string): void {
  Deno.stderr.writeSync(encoder.encode(line));
}
