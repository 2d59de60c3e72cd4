// The way back: all that a fleet has of a site becomes its database again.
import { restOf } from "../../store/changes/batch.ts";
import { newKey, sha256 } from "../../store/changes/link_keys.ts";
import { type Hello, LINK_PROTOCOL, type Page } from "../../store/changes/link_messages.ts";
import { createDatabase } from "../../store/file/database_file.ts";
import { removeDatabase } from "../../store/file/durable_file.ts";
import { FILE_SITE_KEY, SCHEMA, siteKey } from "../../store/site.ts";
import { VERSION } from "../../version.ts";
import type { Enrolment } from "./fleet_file.ts";
import { FleetSocket } from "./fleet_socket.ts";

/** A site to be read back. */
export interface DownloadOptions {
  url: string;
  site_id: string;
  /** A one-time code of the fleet. */
  code: string;
  /** The key of an attempt with the same code whose end is unknown. */
  key?: string | undefined;
  /** Called with the enrolment before the code is used. */
  keep(enrolment: Enrolment): Promise<void>;
  /** True: also if the site's last gateway had more to send. */
  incomplete: boolean;
}

const SETS_AT_ONCE = 400;
const BYTES_AT_ONCE = 600_000;

/** Enrols this machine as the site, and writes what the fleet has of it to a new database at `path`. Returns the number of values. */
export async function download(path: string, options: DownloadOptions): Promise<number> {
  const { url, site_id, code, incomplete, key = newKey() } = options;
  await options.keep({ url, key, code_hash: await sha256(code) });
  const restore = incomplete ? "any" : "complete";
  const hello: Hello = {
    type: "hello",
    protocol: LINK_PROTOCOL,
    site_id,
    key,
    code,
    restore,
    program: VERSION,
    schema: SCHEMA,
  };
  const socket = await FleetSocket.open(url, hello, new AbortController().signal);
  try {
    await removeDatabase(path);
    createDatabase(path);
    using kv = await Deno.openKv(path);
    return await fill(kv, socket, site_id);
  } finally {
    socket.close();
  }
}

/** Writes all pages. Throws Error where the fleet has no record of the site. */
async function fill(kv: Deno.Kv, socket: FleetSocket, site_id: string): Promise<number> {
  let count = 0;
  for (let after: string | null = ""; after !== null;) {
    const page: Page = await socket.ask(JSON.stringify({ type: "download", after }), "page") as Page;
    await store(kv, page, site_id);
    count += page.rows.length;
    after = page.next;
  }
  const { value } = await kv.get<Uint8Array>(siteKey(site_id));
  if (!value) throw new Error(`the fleet has nothing of site ${site_id}`);
  await kv.set(FILE_SITE_KEY, value);
  return count;
}

async function store(kv: Deno.Kv, { rows }: Page, site_id: string): Promise<void> {
  let atomic = kv.atomic();
  let sets = 0;
  let bytes = 0;
  for (const [key, text] of rows) {
    const value = Uint8Array.fromBase64(text);
    if (sets === SETS_AT_ONCE || bytes + value.length > BYTES_AT_ONCE) {
      await atomic.commit();
      atomic = kv.atomic();
      sets = bytes = 0;
    }
    atomic.set([site_id, ...restOf(Uint8Array.fromHex(key))], value);
    sets++;
    bytes += value.length;
  }
  if (sets > 0) await atomic.commit();
}
