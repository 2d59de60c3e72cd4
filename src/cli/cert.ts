// `ocpp-gateway cert`: a server certificate signed by the site's own authority, so that TLS takes one command.
import { hostname } from "node:os";
import { ownAddresses } from "../central/reach.ts";
import { pemOf, SiteCa, writeSynced } from "../central/site_ca.ts";
import { BadUsage, readConfig } from "../config.ts";
import { type Option, readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";

const KEY = { name: "ECDSA", namedCurve: "P-256" };
const OPTIONS: Record<string, Option> = {
  "data-dir": { type: "string", help: "the gateway's data dir" },
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
  const { "data-dir": flag, names } = given.values as Record<string, string | undefined>;
  const { data_dir } = readConfig(flag === undefined ? [] : ["--data-dir", flag]);
  const made = await makeCertificate(data_dir, names === undefined ? ownNames() : readNames(names));
  console.log(describe(made).join("\n"));
  return 0;
}

/** What was made: paths, and what the certificate is for. */
export interface Made {
  cert: string;
  key: string;
  ca: string;
  names: string[];
  not_after: string;
}

/** Makes a server certificate in `<data dir>/tls`; the authority is made when there is none yet. */
export async function makeCertificate(data_dir: string, names: string[]): Promise<Made> {
  const ca = new SiteCa({ directory: data_dir, now: Date.now });
  const { publicKey, privateKey } = await crypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const { chain, not_after } = await ca.signServer(publicKey, names, "ocpp-gateway");
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  const folder = `${data_dir}/tls`;
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  await writeSynced(`${folder}/server.key`, pemOf(pkcs8, "PRIVATE KEY"), 0o600);
  await writeSynced(`${folder}/server.crt`, `${chain.trim()}\n${(await ca.certificate()).trim()}\n`, 0o644);
  await ownAs(data_dir, [
    `${folder}/server.key`,
    `${folder}/server.crt`,
    folder,
    `${data_dir}/site_ca.pem`,
    `${data_dir}/site_ca_key.pem`,
  ]);
  return {
    cert: `${folder}/server.crt`,
    key: `${folder}/server.key`,
    ca: `${data_dir}/site_ca.pem`,
    names,
    not_after,
  };
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
  return [
    `Made a certificate for ${names.join(", ")}, good until ${not_after.slice(0, 10)}`,
    `  ${cert}`,
    `  ${key}`,
    "Start the gateway with it (one that runs with it already takes it by itself):",
    `  ocpp-gateway --tls-cert ${cert} --tls-key ${key} --tls-client-ca ${ca}`,
    `Chargers and browsers must trust the site's authority: ${ca}`,
  ];
}
