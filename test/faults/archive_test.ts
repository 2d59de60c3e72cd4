// An archive brings a whole gateway to a new machine; anything wrong with it is a clear error that changes nothing.
import { createHash } from "node:crypto";
import { packTar, unpackTar } from "modern-tar";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { makeCertificate } from "../../src/cli/cert.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { createDatabase } from "../../src/store/file/database_file.ts";
import { writeBackup } from "../../src/store/file/backup.ts";
import { finishRestore } from "../../src/store/file/pending_restore.ts";
import { type StageOptions, stageRestore } from "../../src/store/file/stage_restore.ts";
import { SCHEMA } from "../../src/store/site.ts";
import { Store } from "../../src/store/store.ts";
import { askForCertificate } from "../conformance/certificates.ts";
import { png } from "../http/plan_site.ts";
import { AUTHORIZATION, startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { cityMap } from "../map/city.ts";
import { runCommand, tempDir } from "./gateway_process.ts";

const PASSPHRASE = "correct horse battery staple";
const BOOT = { chargePointVendor: "V", chargePointModel: "M" };
const NO_TLS = { cert: null, key: null, client_ca: null };

/** Starts the gateway of a data directory whose TLS files and authority are in it. */
function startIn(data_dir: string): Promise<TestGateway> {
  return startTestGateway({
    config: {
      data_dir,
      kv: `${data_dir}/gateway.db`,
      tls_cert: `${data_dir}/tls/server.crt`,
      tls_key: `${data_dir}/tls/server.key`,
      tls_client_ca: `${data_dir}/site_ca.pem`,
      tls_port: 0,
    },
  });
}

async function put(site: TestGateway, path: string, body: BodyInit): Promise<void> {
  const answer = await fetch(site.url + path, { method: "PUT", body, headers: AUTHORIZATION });
  await answer.body?.cancel();
  assertEquals(answer.status, 201, path);
}

async function get(site: TestGateway, path: string): Promise<Uint8Array> {
  const answer = await fetch(site.url + path, { headers: AUTHORIZATION });
  assertEquals(answer.status, 200, path);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Returns hashes of the lists and files that a gateway serves. */
async function seen(site: TestGateway) {
  const paths = [
    "/ocpp/transactions/",
    "/ocpp/site_ca/",
    "/ocpp/map/file",
    "/ocpp/plan/picture",
    "/ocpp/firmware/v2.bin",
  ];
  return await Promise.all(
    paths.map(async (path) => createHash("sha256").update(await get(site, path)).digest("hex")),
  );
}

interface Client {
  cert: string;
  key: string;
}

/** Connects CP1 with its client certificate, and charges once. */
async function charge(site: TestGateway, ca: string, pair: Client): Promise<void> {
  const tls = { ca, ...pair };
  await using client = await RawClient.connect(`wss://127.0.0.1:${site.gateway.tls_port}`, {
    path: "/CP1",
    tls,
  });
  assertEquals((await client.call("BootNotification", BOOT))[2].status, "Accepted");
  const timestamp = new Date().toISOString();
  const started = await client.call("StartTransaction", {
    connectorId: 1,
    idTag: "A",
    meterStart: 0,
    timestamp,
  });
  const { transactionId } = started[2];
  await client.call("StopTransaction", { transactionId, meterStop: 5000, timestamp });
}

/** Makes a client certificate of the site's authority for the charger CP1, which is created. */
async function clientOf(site: TestGateway): Promise<Client> {
  assertEquals((await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" })).status, 201);
  const { csr, key } = await askForCertificate("CN=CP1");
  const { record_id } = site.gateway.services.store.chargers.get("CP1")!;
  const subject = { common_name: "CP1", organization: "Depot", record_id: record_id! };
  return { cert: (await site.gateway.services.ca.sign(csr, subject)).chain, key };
}

Deno.test("a new data directory restored from the archive is the same gateway: CA, client certificates, map, plan, firmware, sessions", async () => {
  await using old_machine = await tempDir();
  await using new_machine = await tempDir();
  const { ca } = await makeCertificate(old_machine.path, ["127.0.0.1"]);
  const root = await Deno.readTextFile(ca);
  const archive = `${new_machine.path}/backup.tar`;
  const data_dir = `${new_machine.path}/data`;
  let client: Client;
  let before: string[];
  {
    await using site = await startIn(old_machine.path);
    client = await clientOf(site);
    await charge(site, root, client);
    await put(site, "/ocpp/map/", cityMap());
    await put(site, "/ocpp/plan/", png(40, 30));
    await put(site, "/ocpp/firmware/v2.bin", "firmware".repeat(1000));
    before = await seen(site);
    const made = await runCommand(["backup", archive, "--data-dir", old_machine.path], {
      OCPP_BACKUP_PASSPHRASE: PASSPHRASE,
    });
    assertMatch(made.stdout, /verified, with its private keys, encrypted\n$/);
    assert(!made.stdout.includes(PASSPHRASE));
  }
  const bytes = await Deno.readFile(archive);
  assert(!new TextDecoder("latin1").decode(bytes).includes("PRIVATE KEY"), "keys are encrypted");
  const env = { OCPP_BACKUP_PASSPHRASE: PASSPHRASE };
  const { code, stdout, stderr } = await runCommand(["restore", archive, "--data-dir", data_dir], env);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /Restored site \w+\n/);
  for (const name of ["site_ca_key.pem", "tls/server.key"]) {
    assertEquals((await Deno.stat(`${data_dir}/${name}`)).mode! & 0o777, 0o600);
  }
  await using again = await startIn(data_dir);
  assertEquals(await seen(again), before);
  await charge(again, root, client);
  assertEquals((await again.rest("GET", "/ocpp/transactions/")).body.transactions.length, 2);
});

/** A data directory with a database, keys and other files. */
async function dataDir(
  path: string,
  name = "Depot",
): Promise<{ data_dir: string; path: string; site_id: string }> {
  const database = `${path}/gateway.db`;
  await Deno.mkdir(path, { recursive: true });
  createDatabase(database);
  const store = await Store.open({ path: database, window_ms: 0 });
  await store.changeSettings({ name });
  await store.close();
  const files = {
    "site_ca.pem": "CERTIFICATE of the authority",
    "site_ca_key.pem": "-----BEGIN PRIVATE KEY----- of the authority",
    "tls/server.key": "-----BEGIN EC PRIVATE KEY----- of the server",
    "tls/server.crt": "CERTIFICATE of the server",
    "plan/plan.png": `plan of ${name}`,
    "firmware/v1.bin": "f".repeat(3000),
    [`files/${"long".repeat(40)}/${"name".repeat(20)}.zip`]: "upload",
    "files/CP1/unfinished.zip.1234.part": "not to be backed up",
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(`${path}/${name}`.replace(/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  return { data_dir: path, path: database, site_id: store.site.site_id };
}

/** Returns the hash of each file below a folder. */
async function contentOf(folder: string, prefix = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) Object.assign(files, await contentOf(path, `${prefix}${name}/`));
    else files[prefix + name] = createHash("sha256").update(await Deno.readFile(path)).digest("hex");
  }
  return files;
}

/** A place with an archive of a data directory; `passphrase` null: without keys. */
async function archived(passphrase: string | null = PASSPHRASE, room: number | null = null) {
  const folder = await Deno.makeTempDir();
  const source = await dataDir(`${folder}/data`);
  const archive = `${folder}/backup.tar`;
  const options = { ...source, tls: NO_TLS, passphrase, now: Date.UTC(2026, 5, 1), room };
  const made = await writeBackup(options, archive);
  return {
    folder,
    source,
    archive,
    made,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

function optionsFor(
  place: { data_dir: string; path: string },
  more: Partial<StageOptions> = {},
): StageOptions {
  const { data_dir, path } = place;
  const defaults = {
    people: "now",
    passphrase: PASSPHRASE,
    without_keys: false,
    only_site: null,
    room: null,
  } as const;
  return { data_dir, path, ...defaults, ...more };
}

const streamOf = (bytes: Uint8Array) => ReadableStream.from([bytes]);

/** Replaces members of an archive, and lists them anew. */
async function forged(
  archive: string,
  change: (
    members: { name: string; data: Uint8Array<ArrayBuffer>; size?: number }[],
    manifest: Record<string, unknown>,
  ) => void,
): Promise<Uint8Array> {
  const entries = await unpackTar(await Deno.readFile(archive));
  const members = entries.slice(2).map(({ header: { name }, data }) => ({ name, data: data! }));
  const manifest = JSON.parse(new TextDecoder().decode(entries[0]!.data!));
  change(members, manifest);
  const hash = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
  manifest.members = members.map((
    { name, data, size = data.length }: { name: string; data: Uint8Array; size?: number },
  ) => ({
    name,
    size,
    sha256: hash(data),
  }));
  const first = new TextEncoder().encode(JSON.stringify(manifest));
  const lines = [["manifest.json", hash(first)], ...members.map(({ name, data }) => [name, hash(data)])];
  const sums = new TextEncoder().encode(lines.map(([name, sum]) => `${sum}  ${name}\n`).join(""));
  return await packTar(
    [{ name: "manifest.json", data: first }, { name: "SHA256SUMS", data: sums }, ...members].map((
      { name, data },
    ) => ({
      header: { name, size: data.length },
      body: data,
    })),
  );
}

Deno.test("an archive is opened by tar, checked by sha256sum, and its first member is the manifest", async () => {
  await using place = await archived();
  const { made, archive, folder } = place;
  assertEquals([made.keys, made.damage, made.left_out], ["encrypted", null, []]);
  const run = async (program: string, args: string[]) => {
    const { code, stdout } = await new Deno.Command(program, { args, cwd: folder }).output();
    return { code, text: new TextDecoder().decode(stdout) };
  };
  const { text } = await run("tar", ["tf", archive]);
  assertEquals(text.trim().split("\n"), [
    "manifest.json",
    "SHA256SUMS",
    "gateway.db",
    "keys.tar.age",
    "site_ca.pem",
    "tls/server.crt",
    "plan/plan.png",
    "firmware/v1.bin",
    `files/${"long".repeat(40)}/${"name".repeat(20)}.zip`,
  ]);
  await Deno.mkdir(`${folder}/open`);
  assertEquals((await run("tar", ["xf", archive, "-C", "open"])).code, 0);
  const check = await new Deno.Command("sha256sum", { args: ["-c", "SHA256SUMS"], cwd: `${folder}/open` })
    .output();
  assertEquals(check.code, 0);
  const { site_id, schema, made_at, keys } = JSON.parse(
    await Deno.readTextFile(`${folder}/open/manifest.json`),
  );
  assertEquals([site_id, schema, made_at, keys], [
    place.source.site_id,
    SCHEMA,
    "2026-06-01T00:00:00.000Z",
    "encrypted",
  ]);
});

Deno.test("without a passphrase an archive has no keys, says so, and its restore keeps the keys of now", async () => {
  await using place = await archived(null);
  assertEquals(place.made.keys, "left out");
  const entries = await unpackTar(await Deno.readFile(place.archive));
  assertEquals(entries.filter(({ header: { name } }) => /key/i.test(name)), []);
  const target = await dataDir(`${place.folder}/target`, "Other");
  await Deno.writeTextFile(`${target.data_dir}/site_ca.pem`, "another authority");
  const staged = await stageRestore((await Deno.open(place.archive)).readable, optionsFor(target));
  assertEquals(staged.keys, "left out");
  await finishRestore(target, Date.UTC(2026, 5, 2));
  assertEquals(await Deno.readTextFile(`${target.data_dir}/site_ca.pem`), "another authority");
  assertEquals(await Deno.readTextFile(`${target.data_dir}/plan/plan.png`), "plan of Depot");
});

Deno.test("files that a restore replaces are kept, and so are those that the archive does not have", async () => {
  await using place = await archived();
  const target = await dataDir(`${place.folder}/target`, "Other");
  await Deno.mkdir(`${target.data_dir}/map`);
  await Deno.writeTextFile(`${target.data_dir}/map/map.pmtiles`, "map of Other");
  await stageRestore((await Deno.open(place.archive)).readable, optionsFor(target));
  await finishRestore(target, Date.UTC(2026, 5, 2));
  const kept = `${target.data_dir}/gateway.db.before-gateway-20260602-000000.db.files`;
  assertEquals(await Deno.readTextFile(`${kept}/plan/plan.png`), "plan of Other");
  assertEquals(await Deno.readTextFile(`${target.data_dir}/map/map.pmtiles`), "map of Other");
  assertEquals(await Deno.readTextFile(`${target.data_dir}/plan/plan.png`), "plan of Depot");
});

Deno.test("where there is no room the largest files are left out, and named", async () => {
  await using place = await archived(PASSPHRASE, 1);
  assertEquals(place.made.left_out[0], "firmware/v1.bin");
  const names = (await unpackTar(await Deno.readFile(place.archive))).map(({ header }) => header.name);
  assertEquals(names.slice(-2), ["tls/server.crt", "plan/plan.png"]);
});

const text = (value: string) => new TextEncoder().encode(value);
type Place = Awaited<ReturnType<typeof archived>>;

const REFUSALS: {
  what: string;
  bytes: (place: Place) => Promise<Uint8Array>;
  options?: Partial<StageOptions>;
  error: RegExp;
}[] = [
  {
    what: "a wrong passphrase",
    bytes: ({ archive }) => Deno.readFile(archive),
    options: { passphrase: "wrong horse battery staple" },
    error: /^has keys that this passphrase does not open$/,
  },
  {
    what: "no passphrase",
    bytes: ({ archive }) => Deno.readFile(archive),
    options: { passphrase: null },
    error: /^has encrypted keys: its passphrase is needed$/,
  },
  {
    what: "an archive of another site",
    bytes: ({ archive }) => Deno.readFile(archive),
    options: { only_site: "another" },
    error: /^is of site \w+, and this gateway is site another$/,
  },
  {
    what: "an archive without room on the disk",
    bytes: ({ archive }) => Deno.readFile(archive),
    options: { room: 100 },
    error: /^needs 1 MB, and the disk has room for 1 MB$/,
  },
  {
    what: "an archive of a newer program",
    bytes: ({ archive }) => forged(archive, (_, manifest) => manifest.schema = SCHEMA + 1),
    error: /^was written by a newer program/,
  },
  {
    what: "a member outside the data directory",
    bytes: ({ archive }) => forged(archive, (members) => members.push({ name: "../x", data: text("x") })),
    error: /^has a member with the bad name '\.\.\/x'$/,
  },
  {
    what: "a member that climbs out of its folder",
    bytes: ({ archive }) =>
      forged(archive, (members) => members.push({ name: "plan/../../x", data: text("x") })),
    error: /^has a member with the bad name 'plan\/\.\.\/\.\.\/x'$/,
  },
  {
    what: "a member of no folder of a backup",
    bytes: ({ archive }) => forged(archive, (members) => members.push({ name: "lock", data: text("x") })),
    error: /^has a member with the bad name 'lock'$/,
  },
  {
    what: "an absurdly large member",
    bytes: ({ archive }) =>
      forged(
        archive,
        (members) => members.push({ name: "map/x", data: text("x"), size: Number.MAX_SAFE_INTEGER }),
      ),
    options: { room: 1e12 },
    error: /^needs 9007199255 MB, and the disk has room for 1000000 MB$/,
  },
  {
    what: "a member that is longer than listed",
    bytes: ({ archive }) =>
      forged(archive, (members) => members.push({ name: "map/x", data: text("xyz"), size: 1 })),
    error: /^is damaged: map\/x is not as the manifest lists it$/,
  },
  {
    what: "a tar file of something else",
    bytes: () => packTar([{ header: { name: "letter.txt", size: 1 }, body: text("x") }]),
    error: /^is no backup of a gateway: it begins with 'letter.txt'$/,
  },
  {
    what: "an empty file",
    bytes: () => Promise.resolve(new Uint8Array()),
    error: /^is neither an archive nor a database$/,
  },
  {
    what: "a text",
    bytes: () => Promise.resolve(text("x".repeat(5000))),
    error: /^is neither an archive nor a database$/,
  },
];

for (const { what, bytes, options = {}, error } of REFUSALS) {
  Deno.test(`a restore refuses ${what}, and changes nothing`, async () => {
    await using place = await archived();
    const target = await dataDir(`${place.folder}/target`, "Other");
    const before = await contentOf(place.folder);
    const upload = streamOf(await bytes(place));
    const { message } = await assertRejects(() => stageRestore(upload, optionsFor(target, options)), Error);
    assertMatch(message, error);
    assertEquals(await contentOf(place.folder), before);
    assertEquals(await finishRestore(target, 0), null);
  });
}

Deno.test("a restore refuses an archive that is cut anywhere, or in which any byte of content is flipped", async () => {
  await using place = await archived();
  const target = await dataDir(`${place.folder}/target`, "Other");
  const bytes = await Deno.readFile(place.archive);
  const before = await contentOf(place.folder);
  const refused = async (changed: Uint8Array, what: string) => {
    const error = await stageRestore(streamOf(changed), optionsFor(target)).then(
      () => null,
      (error) => error,
    );
    assert(error instanceof Error, `${what} was taken`);
  };
  for (let cut = 1; cut < bytes.length - 1024; cut += 1999) {
    await refused(bytes.slice(0, cut), `cut at ${cut}`);
  }
  for (let at = 512; at < bytes.length - 2048; at += 1777) {
    if (bytes[at] === 0) continue; // perhaps padding, which nobody reads
    const flipped = bytes.slice();
    flipped[at]! ^= 1;
    await refused(flipped, `byte ${at}`);
  }
  assertEquals(await contentOf(place.folder), before);
});

Deno.test("REST refuses a backup of another site, and keys without their passphrase, by codes; it changes nothing", async () => {
  await using place = await archived();
  const data_dir = `${place.folder}/running`;
  await using site = await startTestGateway({ config: { data_dir, kv: `${data_dir}/gateway.db` } });
  const before = Object.keys(await contentOf(data_dir)).sort();
  const upload = async (query: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${site.url}/ocpp/backups/restore/${query}`, {
      method: "POST",
      headers: { ...AUTHORIZATION, "content-type": "application/octet-stream", ...headers },
      body: await Deno.readFile(place.archive),
    });
    return [answer.status, (await answer.json()).code];
  };
  assertEquals(await upload(""), [409, "other_site"]);
  assertEquals(await upload("?site=any"), [400, "passphrase_required"]);
  assertEquals(await upload("?site=any", { "x-backup-passphrase": "wrong%20one" }), [
    400,
    "wrong_passphrase",
  ]);
  assertEquals(Object.keys(await contentOf(data_dir)).sort(), before);
  const header = { "x-backup-passphrase": encodeURIComponent(PASSPHRASE) };
  assertEquals(await upload("?site=any", header), [202, undefined]);
});

Deno.test("the command refuses a backup of another site where a gateway is set up, unless --other-site is given", async () => {
  await using place = await archived(null);
  const data_dir = `${place.folder}/set_up`;
  const site = await startTestGateway({ config: { data_dir, kv: `${data_dir}/gateway.db` } });
  await site.gateway.stop();
  const command = ["restore", place.archive, "--data-dir", data_dir];
  const refused = await runCommand(command);
  assertEquals(refused.code, 1);
  assertMatch(
    refused.stderr,
    /is of site \w+, and this gateway is site \w+; --other-site restores it all the same\n$/,
  );
  assertEquals((await runCommand([...command, "--other-site"])).code, 0);
});

Deno.test("a restore that a power cut has interrupted between two files goes on, and loses neither the old nor the new ones", async () => {
  await using place = await archived();
  const target = await dataDir(`${place.folder}/target`, "Other");
  await stageRestore((await Deno.open(place.archive)).readable, optionsFor(target));
  await Deno.mkdir(`${place.folder}/moved`);
  await Deno.rename(`${target.data_dir}/plan`, `${place.folder}/moved/plan`); // as the first step of a replacement
  await Deno.rename(`${target.data_dir}/restore/plan`, `${target.data_dir}/plan`);
  await finishRestore(target, Date.UTC(2026, 5, 2));
  assertEquals(await Deno.readTextFile(`${target.data_dir}/plan/plan.png`), "plan of Depot");
  assertEquals((await Deno.readTextFile(`${target.data_dir}/site_ca_key.pem`)).slice(-9), "authority");
  assertEquals([...Deno.readDirSync(target.data_dir)].filter(({ name }) => /restore|partial/.test(name)), []);
});
