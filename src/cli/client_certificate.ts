// Client certificates for chargers that cannot ask for one themselves (security profile 3), as files.
import type { Config } from "../config.ts";
import { toIso } from "../ocpp/time.ts";
import { recordIdOf } from "../site/charger_record.ts";
import { Events } from "../site/events.ts";
import { keepIssued } from "../site/security/certificates.ts";
import { organizationOf, pemOf, SiteCa } from "../site/security/site_ca.ts";
import type { Store } from "../store/store.ts";
import { databaseFileOf, giveToOwner, lockDataDir } from "./data_dir.ts";
import { openStore } from "./open_store.ts";

const KEY = { name: "ECDSA", namedCurve: "P-256" };

/** The paths of a client certificate, of its key and of the authority's certificate, and its end. */
export interface ClientFiles {
  cert: string;
  key: string;
  ca: string;
  not_after: string;
}

/**
 * Creates a key and a client certificate for a charger's record in `folder`, as `<id>.crt` and `<id>.key`; the id is
 * percent-encoded. It is bound to the record and kept with it as those that the charger asks for. Throws Error if a gateway
 * uses the data directory, there is no such charger, or a file exists.
 */
export async function makeClientCertificate(
  config: Config,
  charger_id: string,
  folder: string,
): Promise<ClientFiles> {
  const path = databaseFileOf(config);
  if (path !== null && !await exists(path)) throw refusal(`there is no database at ${path}`);
  const unlock = await lockDataDir(config).catch(() => {
    throw refusal(
      `a gateway uses ${config.data_dir}; stop it first (systemctl stop ocpp-gateway), and start it again afterwards`,
    );
  });
  try {
    const store = await openStore(config, Date.now);
    try {
      return await issue(store, config, { charger_id, folder });
    } finally {
      await store.close();
    }
  } finally {
    unlock();
    await giveToOwner(config.data_dir, ownFiles(config));
  }
}

async function issue(
  store: Store,
  { data_dir }: Config,
  { charger_id, folder }: { charger_id: string; folder: string },
): Promise<ClientFiles> {
  const charger = store.chargers.get(charger_id);
  if (!charger) {
    throw refusal(`there is no charger '${charger_id}'; create it in the admin, or connect it once`);
  }
  const record_id = await recordIdOf(charger, store);
  const { publicKey, privateKey } = await crypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const subject = { common_name: charger_id, organization: organizationOf(store), record_id };
  const { chain, ...issued } = await new SiteCa({ directory: data_dir, now: Date.now })
    .signClient(publicKey, subject);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  const files = await writeNew(`${folder}/${encodeURIComponent(charger_id)}`, {
    cert: `${chain.trim()}\n`,
    key: pemOf(pkcs8, "PRIVATE KEY"),
  });
  await keepIssued({ ...issued, record_id, issued_at: toIso(Date.now()), status: "file" }, {
    store,
    charger_id,
    events: new Events(),
  });
  return { ...files, ca: `${data_dir}/site_ca.pem`, not_after: issued.not_after };
}

/** Writes `<path>.key` and `<path>.crt`, neither over a file that exists. */
async function writeNew(
  path: string,
  pair: { cert: string; key: string },
): Promise<{ cert: string; key: string }> {
  const [cert, key] = [`${path}.crt`, `${path}.key`];
  await writeFile(key, pair.key, 0o600);
  try {
    await writeFile(cert, pair.cert, 0o644);
  } catch (error) {
    await Deno.remove(key);
    throw error;
  }
  return { cert, key };
}

async function writeFile(path: string, text: string, mode: number): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, { createNew: true, mode });
  } catch (error) {
    const exists = error instanceof Deno.errors.AlreadyExists;
    throw refusal(exists ? `${path} already exists` : `${path} cannot be written (${(error as Error).name})`);
  }
}

/** The files in the data directory that this command may have created as root. */
function ownFiles(config: Config): string[] {
  const { data_dir } = config;
  const path = databaseFileOf(config);
  const database = path === null ? [] : [path, `${path}-wal`, `${path}-shm`, `${path}.site`];
  return [
    ...database,
    ...["lock", "site_ca.pem", "site_ca_key.pem", "backups"].map((name) => `${data_dir}/${name}`),
  ];
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

function refusal(text: string): Error {
  return new Error(`Cannot create the certificate: ${text}`);
}
