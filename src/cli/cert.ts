// `ocpp-gateway cert`: issues a server's or a charger's certificate from the site's own authority, or imports a server's.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { hostname } from "node:os";
import { ownAddresses } from "../machine/addresses.ts";
import { pemOf, SiteCa, writeSynced } from "../site/security/site_ca.ts";
import { BadUsage, type Config, CONFIG_FILE, isInstalled, readConfig } from "../config.ts";
import { type Option, parseArguments } from "./arguments.ts";
import { makeClientCertificate } from "./client_certificate.ts";
import type { Command } from "./command.ts";
import { giveToOwner, requireAccess } from "./data_dir.ts";

const KEY = { name: "ECDSA", namedCurve: "P-256" };
const OPTIONS: Record<string, Option> = {
  "data-dir": { type: "string", help: "data directory of the gateway" },
  "cert": { type: "string", help: "import this certificate (PEM file) instead of creating one" },
  "key": { type: "string", help: "private key of the imported certificate (PEM file)" },
  "names": {
    type: "string",
    help: "host names and addresses, separated by commas (default: those of this machine)",
  },
  "client": {
    type: "string",
    help: "create a client certificate for the charger of this id instead; the gateway must not be running",
  },
  "out": {
    type: "string",
    help: "folder for the charger's certificate and key (default: this folder); no file is replaced",
  },
};

export const command: Command = { run: cert };

async function cert(args: string[]): Promise<number> {
  const given = parseArguments(args, { name: "cert", options: OPTIONS });
  if (!given) return 0;
  const values = given.values as Record<string, string | undefined>;
  const { "data-dir": flag, names, cert, key, client, out } = values;
  refuseCombination(values);
  const config = readConfig(flag === undefined ? [] : ["--data-dir", flag]);
  const { data_dir } = config;
  await requireAccess(data_dir, "write the certificate");
  if (client !== undefined) return await clientCertificate(config, client, out ?? ".");
  const made = cert !== undefined
    ? await importCertificate(data_dir, cert, key!)
    : await makeCertificate(data_dir, names === undefined ? ownNames() : parseNames(names));
  console.log(describe(made).join("\n"));
  return 0;
}

/** Throws BadUsage for options that do not go together. */
function refuseCombination({ names, cert, key, client, out }: Record<string, string | undefined>): void {
  if ((cert === undefined) !== (key === undefined)) {
    throw new BadUsage("--cert and --key must be given together");
  }
  if (client === undefined && out !== undefined) throw new BadUsage("--out needs --client");
  if (client !== undefined && (cert ?? names) !== undefined) {
    throw new BadUsage("--client cannot be given with --names, --cert or --key");
  }
}

async function clientCertificate(config: Config, charger_id: string, folder: string): Promise<number> {
  const { cert, key, ca, not_after } = await makeClientCertificate(config, charger_id, folder);
  console.log(
    [
      `Created a client certificate for the charger ${charger_id}, valid until ${not_after.slice(0, 10)}`,
      `  ${cert}`,
      `  ${key}`,
      "Put both into the charger, and delete the key here. It is refused once the charger's record is deleted.",
      `The gateway must trust the site's authority: --tls-client-ca ${ca}`,
    ].join("\n"),
  );
  return 0;
}

/** A server certificate in the data directory: its paths, the names it is valid for and its end. */
export interface CertificateFiles {
  cert: string;
  key: string;
  /** Path of the site's CA certificate; null if another authority signed the certificate. */
  ca: string | null;
  names: string[];
  not_after: string;
}

/** Creates a server certificate in `<data dir>/tls`, signed by the site's authority, which is created first if there is none. */
export async function makeCertificate(
  data_dir: string,
  names: string[],
): Promise<CertificateFiles & { ca: string }> {
  const ca = new SiteCa({ directory: data_dir, now: Date.now });
  const { publicKey, privateKey } = await crypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const { chain, not_after } = await ca.signServer(publicKey, names, "ocpp-gateway");
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  const files = await writePair(data_dir, {
    cert: `${chain.trim()}\n${(await ca.certificate()).trim()}\n`,
    key: pemOf(pkcs8, "PRIVATE KEY"),
  });
  const authority = `${data_dir}/site_ca.pem`;
  await giveToOwner(data_dir, [authority, `${data_dir}/site_ca_key.pem`]);
  return { ...files, ca: authority, names, not_after };
}

/** Copies a certificate of another authority and its key into `<data dir>/tls`, where the service can read them. Throws Error. */
export async function importCertificate(
  data_dir: string,
  cert: string,
  key: string,
): Promise<CertificateFiles> {
  const pair = { cert: await readPem(cert), key: await readPem(key) };
  const { subjectAltName, validTo } = checked(pair);
  const names = (subjectAltName ?? "").split(", ").map((name) => name.replace(/^(DNS|IP Address):/, ""));
  const files = await writePair(data_dir, pair);
  return { ...files, ca: null, names, not_after: new Date(validTo).toISOString() };
}

async function readPem(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch((error) => {
    throw new Error(`Cannot import the certificate: ${path} cannot be read (${error.message.split(":")[0]})`);
  });
}

function checked({ cert, key }: { cert: string; key: string }): X509Certificate {
  try {
    const certificate = new X509Certificate(cert);
    if (certificate.checkPrivateKey(createPrivateKey(key))) return certificate;
  } catch (error) {
    throw new Error(`Cannot import the certificate: ${(error as Error).message.split("\n")[0]}`);
  }
  throw new Error("Cannot import the certificate: the key does not match it");
}

/** Writes both files; a running gateway that uses them reloads them. */
async function writePair(
  data_dir: string,
  pair: { cert: string; key: string },
): Promise<{ cert: string; key: string }> {
  const folder = `${data_dir}/tls`;
  const [cert, key] = [`${folder}/server.crt`, `${folder}/server.key`];
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  await writeSynced(key, pair.key, 0o600);
  await writeSynced(cert, pair.cert, 0o644);
  await giveToOwner(data_dir, [key, cert, folder]);
  return { cert, key };
}

function ownNames(): string[] {
  const name = hostname();
  return [
    ...new Set([
      "ocpp.local",
      name,
      `${name.split(".")[0]}.local`,
      "localhost",
      "127.0.0.1",
      ...ownAddresses(),
    ]),
  ];
}

function parseNames(text: string): string[] {
  const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  const bad = names.find((name) => !/^[\w*-][\w.:*-]{0,252}$/.test(name));
  if (bad !== undefined || names.length === 0) {
    throw new BadUsage(`--names must be host names and addresses, not '${bad ?? text}'`);
  }
  return names;
}

function describe({ cert, key, ca, names, not_after }: CertificateFiles): string[] {
  const head = [
    `${ca === null ? "Imported" : "Created"} a certificate for ${names.join(", ")}, valid until ${
      not_after.slice(0, 10)
    }`,
    `  ${cert}`,
    `  ${key}`,
  ];
  const tail = ca === null ? [] : [`Install the site's CA certificate on chargers and browsers: ${ca}`];
  return [...head, ...howToUse(cert, key, ca), ...tail];
}

function howToUse(cert: string, key: string, ca: string | null): string[] {
  if (!isInstalled()) {
    return [
      "Start the gateway with these options (a running gateway that already has them reloads the files):",
      `  ocpp-gateway --tls-cert ${cert} --tls-key ${key}${ca === null ? "" : ` --tls-client-ca ${ca}`}`,
    ];
  }
  return [
    `A running gateway that already uses these files reloads them. Otherwise add these lines to ${CONFIG_FILE}`,
    "and run systemctl restart ocpp-gateway:",
    `  OCPP_TLS_CERT=${cert}`,
    `  OCPP_TLS_KEY=${key}`,
    ...ca === null ? [] : [`  OCPP_TLS_CLIENT_CA=${ca}`],
  ];
}
