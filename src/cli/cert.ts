// `ocpp-gateway cert`: a server certificate signed by the site's own authority, so that TLS takes one command.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { hostname } from "node:os";
import { ownAddresses } from "../machine/addresses.ts";
import { pemOf, SiteCa, writeSynced } from "../site/security/site_ca.ts";
import { BadUsage, CONFIG_FILE, isInstalled, readConfig } from "../config.ts";
import { type Option, readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { refuseStranger } from "./data_dir.ts";

const KEY = { name: "ECDSA", namedCurve: "P-256" };
const OPTIONS: Record<string, Option> = {
  "data-dir": { type: "string", help: "the gateway's data dir" },
  "cert": { type: "string", help: "in place of making one: a certificate that you have, PEM" },
  "key": { type: "string", help: "its key, PEM" },
  "names": { type: "string", help: "host names and addresses, separated by commas (those of this machine)" },
};

export const command: Command = {
  name: "cert",
  summary: "make a certificate for TLS, and the site's own authority",
  run: cert,
};

async function cert(args: string[]): Promise<number> {
  const given = readArguments(args, { name: "cert", options: OPTIONS });
  if (!given) return 0;
  const { "data-dir": flag, names, cert, key } = given.values as Record<string, string | undefined>;
  if ((cert === undefined) !== (key === undefined)) throw new BadUsage("--cert and --key go together");
  const { data_dir } = readConfig(flag === undefined ? [] : ["--data-dir", flag]);
  await refuseStranger(data_dir, "write the certificate");
  const made = cert !== undefined
    ? await takeCertificate(data_dir, cert, key!)
    : await makeCertificate(data_dir, names === undefined ? ownNames() : readNames(names));
  console.log(describe(made).join("\n"));
  return 0;
}

/** What was made: paths, and what the certificate is for. */
export interface Made {
  cert: string;
  key: string;
  /** The site's authority; null: the certificate is another one's. */
  ca: string | null;
  names: string[];
  not_after: string;
}

/** Makes a server certificate in `<data dir>/tls`; the authority is made when there is none yet. */
export async function makeCertificate(
  data_dir: string,
  names: string[],
): Promise<Made & { ca: string }> {
  const ca = new SiteCa({ directory: data_dir, now: Date.now });
  const { publicKey, privateKey } = await crypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const { chain, not_after } = await ca.signServer(publicKey, names, "ocpp-gateway");
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  const files = await writePair(data_dir, {
    cert: `${chain.trim()}\n${(await ca.certificate()).trim()}\n`,
    key: pemOf(pkcs8, "PRIVATE KEY"),
  });
  const authority = `${data_dir}/site_ca.pem`;
  await ownAs(data_dir, [authority, `${data_dir}/site_ca_key.pem`]);
  return { ...files, ca: authority, names, not_after };
}

/** Takes a certificate that somebody else has signed into `<data dir>/tls`, where the service may read it. */
export async function takeCertificate(data_dir: string, cert: string, key: string): Promise<Made> {
  const pair = { cert: await readPem(cert), key: await readPem(key) };
  const { subjectAltName, validTo } = checked(pair);
  const names = (subjectAltName ?? "").split(", ").map((name) => name.replace(/^(DNS|IP Address):/, ""));
  const files = await writePair(data_dir, pair);
  return { ...files, ca: null, names, not_after: new Date(validTo).toISOString() };
}

async function readPem(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch((error) => {
    throw new Error(`Cannot take the certificate: ${path} cannot be read (${error.message.split(":")[0]})`);
  });
}

function checked({ cert, key }: { cert: string; key: string }): X509Certificate {
  try {
    const certificate = new X509Certificate(cert);
    if (certificate.checkPrivateKey(createPrivateKey(key))) return certificate;
  } catch (error) {
    throw new Error(`Cannot take the certificate: ${(error as Error).message.split("\n")[0]}`);
  }
  throw new Error("Cannot take the certificate: the key does not belong to it");
}

/** A gateway that runs takes them by itself. */
async function writePair(
  data_dir: string,
  pair: { cert: string; key: string },
): Promise<{ cert: string; key: string }> {
  const folder = `${data_dir}/tls`;
  const [cert, key] = [`${folder}/server.crt`, `${folder}/server.key`];
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  await writeSynced(key, pair.key, 0o600);
  await writeSynced(cert, pair.cert, 0o644);
  await ownAs(data_dir, [key, cert, folder]);
  return { cert, key };
}

/** Made by root, used by the service: the files are whose the data dir is. */
async function ownAs(data_dir: string, paths: string[]): Promise<void> {
  const { uid, gid } = await Deno.stat(data_dir);
  if (uid === null || uid === Deno.uid()) return;
  for (const path of paths) await Deno.chown(path, uid, gid);
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

function readNames(text: string): string[] {
  const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  const bad = names.find((name) => !/^[\w*-][\w.:*-]{0,252}$/.test(name));
  if (bad !== undefined || names.length === 0) {
    throw new BadUsage(`--names must be host names and addresses, not '${bad ?? text}'`);
  }
  return names;
}

function describe({ cert, key, ca, names, not_after }: Made): string[] {
  const head = [
    `${ca === null ? "Took" : "Made"} a certificate for ${names.join(", ")}, good until ${
      not_after.slice(0, 10)
    }`,
    `  ${cert}`,
    `  ${key}`,
  ];
  const tail = ca === null ? [] : [`Chargers and browsers must trust the site's authority: ${ca}`];
  return [...head, ...howToUse(cert, key, ca), ...tail];
}

function howToUse(cert: string, key: string, ca: string | null): string[] {
  if (!isInstalled()) {
    return [
      "Start the gateway with it (one that runs with it already takes it by itself):",
      `  ocpp-gateway --tls-cert ${cert} --tls-key ${key}${ca === null ? "" : ` --tls-client-ca ${ca}`}`,
    ];
  }
  return [
    `A gateway that runs with it already takes it by itself. Else have these lines in ${CONFIG_FILE}`,
    "and run systemctl restart ocpp-gateway:",
    `  OCPP_TLS_CERT=${cert}`,
    `  OCPP_TLS_KEY=${key}`,
    ...ca === null ? [] : [`  OCPP_TLS_CLIENT_CA=${ca}`],
  ];
}
