// Settings of the process. A flag overrides the environment, which overrides the default.

/** A setting: its flag, its environment variable, its default and its line of help. */
interface Setting {
  flag: string | null;
  env: string;
  default: string | null;
  help: string;
}

const SETTINGS = {
  host: { flag: "host", env: "OCPP_HOST", default: "0.0.0.0", help: "address to listen on" },
  port: {
    flag: "port",
    env: "OCPP_PORT",
    default: "8000",
    help: "port for REST, pages and ws://; 0 = any free port, which is printed",
  },
  data_dir: {
    flag: "data-dir",
    env: "OCPP_DATA_DIR",
    default: "./data",
    help: "directory of the database, message logs and backups",
  },
  kv: {
    flag: "kv",
    env: "OCPP_KV",
    default: null,
    help: "path of the KV database, :memory:, or the URL of a KV Connect server",
  },
  site: {
    flag: "site",
    env: "OCPP_SITE",
    default: null,
    help: "the site's id, set at the first start; many sites can share one KV Connect server",
  },
  fleet: {
    flag: "fleet",
    env: "OCPP_FLEET",
    default: null,
    help: "URL of the fleet (wss://…) to which this site sends what it stores",
  },
  fleet_code: {
    flag: "fleet-code",
    env: "OCPP_FLEET_CODE",
    default: null,
    help: "one-time code of the fleet, by which this site is enrolled",
  },
  public_url: {
    flag: "public-url",
    env: "OCPP_PUBLIC_URL",
    default: null,
    help: "base URL for QR codes",
  },
  log_level: { flag: "log-level", env: "OCPP_LOG_LEVEL", default: "info", help: "debug, info, warn, error" },
  admin_password: {
    flag: null,
    env: "OCPP_ADMIN_PASSWORD",
    default: null,
    help: "admin password, set at the first start",
  },
  backup_passphrase: {
    flag: null,
    env: "OCPP_BACKUP_PASSPHRASE",
    default: null,
    help: "encrypts the private keys in backups",
  },
  backup_s3_secret_key: {
    flag: null,
    env: "OCPP_BACKUP_S3_SECRET_KEY",
    default: null,
    help: "secret key of the bucket for copies of backups",
  },
  backup_folder: {
    flag: "backup-folder",
    env: "OCPP_BACKUP_FOLDER",
    default: null,
    help: "mounted folder to which each backup is copied, such as a USB stick's",
  },
  commit_window: {
    flag: "commit-window",
    env: "OCPP_COMMIT_WINDOW",
    default: "250",
    help: "ms that MeterValues may wait to be committed in a batch",
  },
  tls_cert: {
    flag: "tls-cert",
    env: "OCPP_TLS_CERT",
    default: null,
    help: "TLS certificate file; also serves https:// and wss://",
  },
  tls_key: {
    flag: "tls-key",
    env: "OCPP_TLS_KEY",
    default: null,
    help: "private key file of the certificate",
  },
  tls_port: { flag: "tls-port", env: "OCPP_TLS_PORT", default: "8443", help: "port for https:// and wss://" },
  tls_client_ca: {
    flag: "tls-client-ca",
    env: "OCPP_TLS_CLIENT_CA",
    default: null,
    help: "file of CAs for the client certificates of chargers",
  },
  chargers: {
    flag: "chargers",
    env: "OCPP_CHARGERS",
    default: "any",
    help: "listeners open to chargers: any, or tls only",
  },
  listener: {
    flag: "listener",
    env: "OCPP_LISTENER",
    default: "deno",
    help: "server of the plain port: deno (Deno.serve), or bounded, which limits what each peer may use",
  },
} satisfies Record<string, Setting>;

type Name = keyof typeof SETTINGS;

/** Characters of the shortest passphrase of backups. */
export const MIN_PASSPHRASE = 12;

/** Configuration file of an installed gateway, which systemd passes to it as environment. */
export const CONFIG_FILE = "/etc/ocpp-gateway/ocpp-gateway.conf";

/** The settings of a running gateway. */
export interface Config {
  host: string;
  port: number;
  data_dir: string;
  /** Path of the KV file, `:memory:`, or a URL. */
  kv: string;
  /** The site's id; null: the one noted in the data directory or in the database, else a new one. */
  site: string | null;
  /** URL of the fleet; null: the site is in none. */
  fleet: string | null;
  /** The one-time code for the enrolment. */
  fleet_code: string | null;
  public_url: string | null;
  log_level: "debug" | "info" | "warn" | "error";
  admin_password: string | null;
  /** Encrypts the private keys in backups. */
  backup_passphrase: string | null;
  /** Signs the requests to the bucket for copies of backups. */
  backup_s3_secret_key: string | null;
  /** Mounted folder for copies of backups. */
  backup_folder: string | null;
  /** ms */
  commit_window: number;
  tls_cert: string | null;
  tls_key: string | null;
  tls_port: number;
  tls_client_ca: string | null;
  chargers: "any" | "tls";
  /** Server of the plain port. */
  listener: "deno" | "bounded";
  tuning: Tuning;
}

/** Values that no flag sets; tests use smaller ones. */
export interface Tuning {
  /** Cost of a password's hash: scrypt's N, a power of 2. */
  password_cost: number;
  /** Seconds of silence after which a charger's socket is closed; it is pinged at half of it. */
  idle_seconds: number;
  /** Milliseconds between two runs of the housekeeping. */
  sweep_ms: number;
  /** Milliseconds after which a connected charger that never booted is asked to. */
  boot_grace_ms: number;
  /** Milliseconds within which a request's body must have come; for a file, without a silence of as many. */
  body_ms: number;
  /** Length of the key of the site's certificate authority, bits. */
  ca_key_bits: number;
  /** Milliseconds before each new attempt to deliver a message to a receiver; the last holds for all further ones. */
  retry_ms: readonly number[];
  /** Milliseconds within which alerts are gathered into one message. */
  gather_ms: number;
  /** Milliseconds within which a database server must answer. */
  store_deadline_ms: number;
  /** Milliseconds between two renewals of a site's lease in a database server. */
  lease_ms: number;
  /** Milliseconds in which changes gather before they are sent to the fleet. */
  fleet_every_ms: number;
  /** The longest wait before a new attempt to reach the fleet, ms. */
  fleet_retry_ms: number;
}

/** The values of a gateway in production. */
export const TUNING: Tuning = {
  password_cost: 8_192,
  idle_seconds: 60,
  sweep_ms: 30_000,
  boot_grace_ms: 10_000,
  body_ms: 10_000,
  ca_key_bits: 3072,
  retry_ms: [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000],
  gather_ms: 30_000,
  store_deadline_ms: 10_000,
  lease_ms: 5_000,
  fleet_every_ms: 10_000,
  fleet_retry_ms: 300_000,
};

/** An invalid flag or variable: ends the program with one line and exit code 2. */
export class BadUsage extends Error {
  override readonly name = "BadUsage";
}

/** Reads the settings from arguments and environment. Throws BadUsage. */
export function readConfig(
  args: readonly string[],
  env: (name: string) => string | undefined = environment(),
): Config {
  const flags = readFlags(args);
  const text = (name: Name) => flags[name] ?? (env(SETTINGS[name].env) || null) ?? SETTINGS[name].default;
  const data_dir = flags.data_dir ??
    (env(SETTINGS.data_dir.env) || (isInstalled() ? "/var/lib/ocpp-gateway" : SETTINGS.data_dir.default));
  const config: Config = {
    host: text("host")!,
    port: readPort("port", text("port")!),
    data_dir,
    kv: text("kv") ?? `${data_dir.replace(/\/$/, "")}/gateway.db`,
    site: readSite(text("site")),
    fleet: text("fleet") && readFleet(text("fleet")!),
    fleet_code: text("fleet_code"),
    public_url: readUrl(text("public_url")),
    log_level: readChoice("log_level", text("log_level")!, ["debug", "info", "warn", "error"]),
    admin_password: text("admin_password"),
    backup_passphrase: readPassphrase(text("backup_passphrase") ?? credential("backup_passphrase")),
    backup_s3_secret_key: text("backup_s3_secret_key") ?? credential("backup_s3_secret_key"),
    backup_folder: text("backup_folder"),
    commit_window: readNumber("commit_window", text("commit_window")!, 0, 60_000),
    tls_cert: text("tls_cert"),
    tls_key: text("tls_key"),
    tls_port: readPort("tls_port", text("tls_port")!),
    tls_client_ca: text("tls_client_ca"),
    chargers: readChoice("chargers", text("chargers")!, ["any", "tls"]),
    listener: readChoice("listener", text("listener")!, ["deno", "bounded"]),
    tuning: TUNING,
  };
  checkCombinations(config);
  return config;
}

/** Returns true if this program is installed, and so uses the system's data directory and configuration file. */
export function isInstalled(): boolean {
  return /^\/(opt|usr\/lib)\/ocpp-gateway\//.test(Deno.execPath());
}

/** Parses the NAME=value lines of a configuration file the way systemd does. */
export function parseSettings(text: string): Map<string, string> {
  const lines = text.matchAll(/^\s*(\w+)=(?:"([^"\n]*)"|'([^'\n]*)'|(.*?))\s*$/gm);
  return new Map(
    [...lines].map(([, name, ...values]) => [name!, values.find((text) => text !== undefined)!]),
  );
}

/** Returns the lines of help on the settings. */
export function describeSettings(): string[] {
  return Object.values(SETTINGS).map(({ flag, env, default: fallback, help }) =>
    `  ${(flag ? `--${flag}` : "").padEnd(17)} ${env.padEnd(20)} ${help}${fallback ? ` (${fallback})` : ""}`
  );
}

/** Returns a lookup of environment variables that falls back to the configuration file if the gateway is installed. */
function environment(): (name: string) => string | undefined {
  const installed = isInstalled() ? parseSettings(configText()) : new Map<string, string>();
  return (name) => Deno.env.get(name) ?? installed.get(name);
}

/** Reads the configuration file; empty if there is none or this user is not root, who alone may read it. */
function configText(): string {
  try {
    return Deno.readTextFileSync(CONFIG_FILE);
  } catch {
    return "";
  }
}

function readFlags(args: readonly string[]): Partial<Record<Name, string>> {
  const named = Object.entries(SETTINGS).filter(([, { flag }]) => flag !== null);
  const options = Object.fromEntries(named.map(([, { flag }]) => [flag!, { type: "string" as const }]));
  const values = parseFlags(args, options);
  return Object.fromEntries(
    named.flatMap(([name, { flag }]) => flag! in values ? [[name, values[flag!]]] : []),
  );
}

/** Parses flags strictly: `--name value`, `--name=value`, and `--name` for a boolean. Throws BadUsage with one line. */
export function parseFlags(
  args: readonly string[],
  options: Record<string, { type: "string" | "boolean" }>,
): Record<string, string | boolean | undefined> & Record<string, string> {
  const values: Record<string, string | boolean> = {};
  for (let at = 0; at < args.length; at++) {
    const [, flag, name = "", given] = /^(--([^=]*))(?:=(.*))?$/s.exec(args[at]!) ?? [];
    const type = Object.hasOwn(options, name) ? options[name]!.type : null;
    if (flag === undefined && !/^-./.test(args[at]!)) {
      throw new BadUsage(`Unexpected argument '${args[at]}'`);
    }
    if (type === null) throw new BadUsage(`Unknown option '${flag ?? args[at]}'`);
    if (type === "string") values[name] = given ?? valueAfter(flag!, args[++at]);
    else if (given === undefined) values[name] = true;
    else throw new BadUsage(`Option '${flag}' does not take an argument`);
  }
  return values as never;
}

function valueAfter(flag: string, next: string | undefined): string {
  if (next === undefined) throw new BadUsage(`Option '${flag} <value>' argument missing`);
  if (!/^-./.test(next)) return next;
  throw new BadUsage(`Option '${flag}' needs a value: give one that begins with a dash as ${flag}=${next}`);
}

function readNumber(name: Name, text: string, min: number, max: number): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isInteger(number) && number >= min && number <= max) return number;
  throw new BadUsage(`${nameOf(name)} must be a whole number from ${min} to ${max}, not '${text}'`);
}

function readPort(name: Name, text: string): number {
  return readNumber(name, text, 0, 65_535);
}

function readChoice<W extends string>(name: Name, text: string, words: readonly W[]): W {
  if ((words as readonly string[]).includes(text)) return text as W;
  throw new BadUsage(`${nameOf(name)} must be one of ${words.join(", ")}, not '${text}'`);
}

/** Reads a credential that systemd passes to an installed gateway (LoadCredential=); null: there is none. */
function credential(name: string): string | null {
  if (!isInstalled()) return null;
  try {
    return Deno.readTextFileSync(`${Deno.env.get("CREDENTIALS_DIRECTORY")}/${name}`).trimEnd() || null;
  } catch {
    return null;
  }
}

/** The ids that sites may have. */
export const SITE_ID = /^[\w.-]{1,64}$/;

function readSite(text: string | null): string | null {
  if (text === null || SITE_ID.test(text)) return text;
  throw new BadUsage(`${nameOf("site")} must be 1 to 64 letters, digits, '.', '_' or '-', not '${text}'`);
}

/** Reads the fleet's URL: only to this machine itself may the site's data go unencrypted. */
export function readFleet(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const local = url !== null && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url?.protocol === "wss:" || (url?.protocol === "ws:" && local)) return text.replace(/\/+$/, "");
  throw new BadUsage(`${nameOf("fleet")} must be a wss:// URL, or ws:// on this machine, not '${text}'`);
}

function readPassphrase(text: string | null): string | null {
  if (text === null || text.length >= MIN_PASSPHRASE) return text;
  throw new BadUsage(`${nameOf("backup_passphrase")} must have at least ${MIN_PASSPHRASE} characters`);
}

function readUrl(text: string | null): string | null {
  if (text === null) return null;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, "");
  throw new BadUsage(`${nameOf("public_url")} must be an http:// or https:// URL, not '${text}'`);
}

function nameOf(name: Name): string {
  const { flag, env } = SETTINGS[name];
  return flag ? `--${flag}` : env;
}

function checkCombinations({ tls_cert, tls_key, tls_client_ca, chargers }: Config): void {
  if ((tls_cert === null) !== (tls_key === null)) {
    throw new BadUsage("--tls-cert and --tls-key must be given together");
  }
  if (tls_client_ca !== null && tls_cert === null) throw new BadUsage("--tls-client-ca requires --tls-cert");
  if (chargers === "tls" && tls_cert === null) throw new BadUsage("--chargers tls requires --tls-cert");
}
