// Copies of backups off the machine: whole, verified, bounded in number; a copy that fails is an alarm.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { folderPlace } from "../../src/machine/backup_copies/folder_place.ts";
import { s3Place } from "../../src/machine/backup_copies/s3_place.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { needs } from "../kit/needs.ts";
import { CREDENTIALS, S3Server } from "./s3_server.ts";

const HOUR = 3_600_000;
const SIGNAL = new AbortController().signal;

/** A gateway with a database file, whose wall clock goes on by an hour for each backup. */
async function site(backup_folder: string | null = null) {
  const folder = await Deno.makeTempDir();
  let wall = new Date().setHours(36, 0, 0, 0);
  const log_lines: string[] = [];
  const config = { data_dir: folder, kv: `${folder}/gateway.db`, backup_folder };
  const started = await startTestGateway({ config, now: () => wall, log_lines });
  const { maintenance, store } = started.gateway.services;
  return {
    ...started,
    folder,
    log_lines,
    site_id: store.site.site_id,
    alarm: () => maintenance.alarms.all().find(({ kind }) => kind === "backup_copy")?.text ?? null,
    /** Makes a backup an hour later; returns its name. */
    async backUp(): Promise<string> {
      wall += HOUR;
      maintenance.clock_monitor.check();
      return (await started.rest("POST", "/ocpp/backups/")).body.name;
    },
    async copy() {
      const { status, body } = await started.rest("POST", "/ocpp/backups/copy/");
      assertEquals(status, 200);
      return body.copies;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await started[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A gateway that copies to an S3 server. */
async function siteWith(server: S3Server, secret_key = CREDENTIALS.secret_key) {
  const place = await site();
  const settings = { backup_s3_url: `${server.url}/gateways`, backup_s3_access_key: CREDENTIALS.access_key };
  assertEquals((await place.rest("PATCH", "/ocpp/settings/", settings)).status, 200);
  await setSecrets(place, { s3_secret_key: secret_key });
  return place;
}

async function setSecrets(place: Awaited<ReturnType<typeof site>>, secrets: Record<string, string | null>) {
  const answer = await place.rest("PUT", "/ocpp/backups/secrets/", secrets);
  assertEquals(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

Deno.test("a backup is copied to a bucket with requests that an independent check of Signature Version 4 accepts", async () => {
  await using server = new S3Server();
  await using place = await siteWith(server);
  const name = await place.backUp();
  const [copy, ...none] = await place.copy();
  assertEquals(none, []);
  assertEquals([copy!.kind, copy!.name, copy!.error], ["s3", name, null]);
  assertEquals([...server.objects.keys()], [`/depot/gateways/${place.site_id}/${name}`]);
  assertEquals([...server.objects.values()][0], await Deno.readFile(`${place.folder}/backups/${name}`));
  assertEquals(place.alarm(), null);
  const before = server.requests.length;
  await place.copy();
  assertEquals(server.requests.length, before, "what is there is not sent again");
});

Deno.test("the nightly backup is copied by itself, as many copies are kept as the setting says, and other sites' stay", async () => {
  await using server = new S3Server();
  await using place = await siteWith(server);
  await place.rest("PATCH", "/ocpp/settings/", { backup_copies_keep: 2 });
  server.objects.set("/depot/gateways/another/gateway-20200101-000000.tar", new Uint8Array(1));
  const names: string[] = [];
  for (let count = 0; count < 5; count++) {
    names.push(await place.backUp());
    await place.gateway.services.maintenance.backups!.nightly();
  }
  const own = [...server.objects.keys()].filter((key) => key.includes(place.site_id));
  assertEquals(own.map((key) => key.split("/").at(-1)), names.slice(-2));
  assertEquals(server.objects.size, 3);
});

Deno.test("a copy that fails is an alarm with the server's reason, which ends with the next success", async () => {
  await using server = new S3Server();
  await using place = await siteWith(server, "a wrong secret key");
  await place.backUp();
  const [copy] = await place.copy();
  assertMatch(copy!.error!, /^the server answers 403 SignatureDoesNotMatch/);
  assertMatch(place.alarm()!, /^The backup was not copied off the machine: http.* 403 SignatureDoesNotMatch/);
  assertEquals(server.objects.size, 0);
  await setSecrets(place, { s3_secret_key: CREDENTIALS.secret_key });
  assertEquals((await place.copy())[0]!.error, null);
  assertEquals(place.alarm(), null);
});

Deno.test("a bucket without its secret key is an alarm, not a silence", async () => {
  await using server = new S3Server();
  await using place = await siteWith(server);
  await setSecrets(place, { s3_secret_key: null });
  await place.backUp();
  assertEquals((await place.copy())[0]!.error, "the access key or the secret key is not set");
  assert(place.alarm());
});

for (const size of [1000, 300_000]) {
  Deno.test(`a copy of ${size} bytes that the server stores only in part is deleted, and is an error`, async () => {
    await using server = new S3Server();
    const path = await Deno.makeTempFile();
    await Deno.writeFile(path, crypto.getRandomValues(new Uint8Array(1000)));
    await Deno.truncate(path, size);
    const bucket = s3Place({
      url: server.url,
      region: "r",
      ...CREDENTIALS,
      site_id: "s",
      part_bytes: 65_536,
    });
    server.stored = (bytes) => bytes.subarray(0, 500);
    await assertRejects(
      () => bucket.put(path, "a.tar", SIGNAL),
      Error,
      `the server has stored 500 of ${size} bytes`,
    );
    assertEquals(server.objects.size, 0);
    server.stored = (bytes) => bytes;
    await bucket.put(path, "a.tar", SIGNAL);
    assertEquals(server.objects.get("/depot/s/a.tar"), await Deno.readFile(path));
    await Deno.remove(path);
  });
}

Deno.test("an upload in parts that fails is aborted, so that no parts are left to be paid for", async () => {
  await using server = new S3Server();
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, new Uint8Array(300_000));
  const bucket = s3Place({ url: server.url, region: "r", ...CREDENTIALS, site_id: "s", part_bytes: 65_536 });
  server.answer = (request) =>
    request.includes("partNumber=3")
      ? new Response("<Error><Code>SlowDown</Code></Error>", { status: 503 })
      : null;
  await assertRejects(() => bucket.put(path, "a.tar", SIGNAL), Error, "the server answers 503 SlowDown");
  assertEquals([server.uploads.size, server.objects.size], [0, 0]);
  await Deno.remove(path);
});

const SHM = "/dev/shm";
const HAS_SHM =
  Deno.statSync("/tmp").dev !== await Deno.stat(SHM).then(({ dev }) => dev, () => Deno.statSync("/tmp").dev);

Deno.test(
  "a backup is copied to a mounted folder",
  needs("another file system at /dev/shm", HAS_SHM),
  async () => {
    const mounted = await Deno.makeTempDir({ dir: SHM });
    await using place = await site(mounted);
    const name = await place.backUp();
    const [copy] = await place.copy();
    assertEquals([copy!.kind, copy!.name, copy!.error], ["folder", name, null]);
    assertEquals(
      await Deno.readFile(`${mounted}/${place.site_id}/${name}`),
      await Deno.readFile(`${place.folder}/backups/${name}`),
    );
    assertEquals([...Deno.readDirSync(`${mounted}/${place.site_id}`)].length, 1);
    await Deno.remove(mounted, { recursive: true });
  },
);

Deno.test("a folder at which nothing is mounted is an alarm, and gets no copy on the card", async () => {
  const unmounted = await Deno.makeTempDir();
  await using place = await site(unmounted);
  await place.backUp();
  assertMatch(
    (await place.copy())[0]!.error!,
    /^nothing is mounted at .*: it is on the same disk as the gateway$/,
  );
  assertEquals([...Deno.readDirSync(unmounted)], []);
  assert(place.alarm()!.includes("nothing is mounted"));
  await Deno.remove(unmounted);
  assertMatch((await place.copy())[0]!.error!, /^there is no folder /);
});

const SMALL = await smallDisk();
await SMALL?.[Symbol.asyncDispose]();

/** Mounts a disk of 1 MB in memory; null: not permitted. */
async function smallDisk(): Promise<AsyncDisposable & { path: string } | null> {
  const path = await Deno.makeTempDir();
  const run = (program: string, args: string[]) =>
    new Deno.Command(program, { args, stderr: "null" }).output().then(({ success }) => success, () => false);
  if (!await run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path])) {
    await Deno.remove(path);
    return null;
  }
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await run("umount", ["-l", path]);
      await Deno.remove(path);
    },
  };
}

Deno.test(
  "a mounted folder without room is an error that says so, and nothing is left there",
  needs("permission to mount", SMALL !== null),
  async () => {
    await using disk = (await smallDisk())!;
    const data_dir = await Deno.makeTempDir();
    await Deno.writeFile(`${data_dir}/a.tar`, new Uint8Array(3_000_000));
    const place = folderPlace({ folder: disk.path, site_id: "s", data_dir });
    const error = await assertRejects(() => place.put(`${data_dir}/a.tar`, "a.tar", SIGNAL), Error);
    assertMatch(error.message, /^it needs 3 MB, and \d MB are free$/);
    assertEquals(await place.list(SIGNAL), []);
    await Deno.remove(data_dir, { recursive: true });
  },
);

Deno.test("secrets of backups are set and never shown, and kept in files of mode 0600 outside the database", async () => {
  await using server = new S3Server();
  await using place = await siteWith(server, CREDENTIALS.secret_key);
  const passphrase = "correct horse battery staple";
  const secrets = await setSecrets(place, { passphrase });
  assertEquals(secrets, { passphrase: "admin", s3_secret_key: "admin" });
  await Deno.writeTextFile(`${place.folder}/site_ca_key.pem`, "-----BEGIN PRIVATE KEY-----");
  const name = await place.backUp();
  await place.copy();
  const { body } = await place.rest("GET", "/ocpp/backups/");
  assertEquals(body.backups.find((backup) => backup.name === name)?.keys, "encrypted");
  const pages = ["/ocpp/backups/", "/ocpp/settings/", "/ocpp/audit/", "/ocpp/system/", "/healthz"];
  const shown = await Promise.all(
    pages.map(async (path) => JSON.stringify((await place.rest("GET", path)).body)),
  );
  const files = await Promise.all(
    [`${place.folder}/backups/${name}`, `${place.folder}/gateway.db`].map(async (path) =>
      new TextDecoder("latin1").decode(await Deno.readFile(path))
    ),
  );
  for (const text of [...shown, ...files, ...place.log_lines]) {
    assert(!text.includes(passphrase) && !text.includes(CREDENTIALS.secret_key), text.slice(0, 200));
  }
  for (const secret of ["backup_passphrase", "backup_s3_secret_key"]) {
    assertEquals((await Deno.stat(`${place.folder}/${secret}`)).mode! & 0o777, 0o600);
  }
  assertEquals((await place.rest("PUT", "/ocpp/backups/secrets/", { passphrase: "short" })).status, 400);
  assertEquals((await setSecrets(place, { passphrase: null })).passphrase, "none");
});
