// Backup and restore of a running gateway, by its admin and by the command.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { PASSWORD } from "../kit/gateway.ts";
import { type GatewayProcess, runCommand, spawnGateway, tempDir } from "./gateway_process.ts";
import { eventually } from "../kit/eventually.ts";

const WITHIN = 120_000; // ms

const CHARGERS = 4;
const BACKUPS = 3;

/** A charger that sends readings with increasing numbers until it is stopped. */
class Busy {
  readonly acknowledged: number[] = [];
  readonly #client: RawClient;
  #going = true;
  readonly #work: Promise<void>;

  private constructor(client: RawClient, readonly charger_id: string) {
    this.#client = client;
    this.#work = this.#send();
  }

  static async connect(ws_url: string, charger_id: string): Promise<Busy> {
    const client = await RawClient.connect(ws_url, { path: charger_id });
    await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    return new Busy(client, charger_id);
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#work;
    await this.#client.drop();
  }

  async #send(): Promise<void> {
    for (let number = 0; this.#going; number++) {
      const sampledValue = [{ value: String(number) }];
      const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
      const answer = await this.#client.call("MeterValues", { connectorId: 1, meterValue });
      if (answer[0] === 3) this.acknowledged.push(number);
    }
  }
}

/** Returns the numbers that the gateway has stored of a charger, in order. */
async function numbersOf(gateway: GatewayProcess, charger_id: string): Promise<number[]> {
  const numbers: number[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const more = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await gateway.rest("GET", `/ocpp/chargers/${charger_id}/readings/?limit=1000${more}`);
    // deno-lint-ignore no-explicit-any
    numbers.push(...body.readings.map(({ value }: any) => value));
    cursor = body.next;
  }
  return numbers.sort((a, b) => a - b);
}

Deno.test("a gateway under load is backed up by its admin and by the command, and restored on a new machine in one command", async () => {
  await using old_machine = await tempDir();
  await using new_machine = await tempDir();
  const copies: { path: string; before: Map<string, number> }[] = [];
  {
    await using gateway = await spawnGateway({ data_dir: old_machine.path });
    await gateway.rest("PATCH", "/ocpp/settings/", { name: "Depot" });
    const chargers = await Promise.all(
      Array.from({ length: CHARGERS }, (_, index) => Busy.connect(gateway.ws_url, `CP${index}`)),
    );
    const told = () => new Map(chargers.map((each) => [each.charger_id, each.acknowledged.length]));
    for (let number = 0; number < BACKUPS; number++) {
      const path = `${new_machine.path}/copy${number}.db`;
      copies.push({ path, before: told() });
      const { code, stdout } = await runCommand(["backup", path, "--data-dir", old_machine.path]);
      assertEquals(code, 0);
      assertMatch(stdout, /copy\d\.db: site \w+, [\d.]+ MB, verified/);
    }
    const before = told();
    const made = await gateway.rest("POST", "/ocpp/backups/");
    assertEquals(made.status, 201);
    copies.push({ path: `${old_machine.path}/backups/${made.body.name}`, before });
    for (const charger of chargers) await charger.stop();
    const { body } = await gateway.rest("GET", "/ocpp/backups/");
    // deno-lint-ignore no-explicit-any
    assertEquals(body.backups.map((backup: any) => backup.name), [made.body.name]);
    assertEquals((await gateway.stop()).code, 0);
  }
  for (const [index, { path, before }] of copies.entries()) {
    const data_dir = `${new_machine.path}/data${index}`;
    const { code, stdout } = await runCommand(["restore", path, "--data-dir", data_dir]);
    assertEquals(code, 0);
    assertMatch(
      stdout,
      /^Restored site \w+\nUsers [^\n]*\nStart the gateway to use the restored database\n$/,
    );
    await using gateway = await spawnGateway({ data_dir });
    assertEquals((await gateway.rest("GET", "/ocpp/settings/")).body.name, "Depot");
    for (const [charger_id, count] of before) {
      const numbers = await numbersOf(gateway, charger_id);
      assert(numbers.length >= count, `${charger_id}: ${numbers.length} of ${count} that were acknowledged`);
      assertEquals(
        numbers,
        numbers.map((_, number) => number),
        "a copy is of one moment: none is missing between",
      );
      assertEquals((await gateway.rest("GET", `/ocpp/chargers/${charger_id}/`)).body.vendor, "V");
    }
  }
});

Deno.test("restore refuses the backup of a newer program in one clear line, and touches nothing", async () => {
  await using folder = await tempDir();
  const backup = `${folder.path}/backup.db`;
  {
    await using gateway = await spawnGateway({ data_dir: folder.path });
    await gateway.stop();
  }
  assertEquals((await runCommand(["backup", backup, "--data-dir", folder.path])).code, 0);
  const database = new DatabaseSync(backup);
  const records = "v like '%\"site_id\"%'"; // the site's, and its copy
  const { v } = database.prepare(`select v from kv where ${records}`).get() as Record<string, Uint8Array>;
  const site = JSON.parse(new TextDecoder().decode(v));
  const newer = new TextEncoder().encode(JSON.stringify({ ...site, schema: site.schema + 1 }));
  database.prepare(`update kv set v = ? where ${records}`).run(newer);
  database.close();
  const data_dir = `${folder.path}/new`;
  const { code, stderr } = await runCommand(["restore", backup, "--data-dir", data_dir]);
  assertEquals(code, 1);
  const schemas = `\\(schema ${site.schema + 1}, this one knows ${site.schema}\\)`;
  assertMatch(stderr, new RegExp(`^Cannot restore: \\S+ was written by a newer program ${schemas}\n$`));
  assert(!await Deno.stat(`${data_dir}/gateway.db`).catch(() => null));
});

Deno.test("restore refuses while a gateway runs, and what is no backup", async () => {
  await using folder = await tempDir();
  await using _gateway = await spawnGateway({ data_dir: folder.path });
  const song = `${folder.path}/song.mp3`;
  await Deno.writeTextFile(song, "la ".repeat(2000));
  const running = await runCommand(["restore", song, "--data-dir", folder.path]);
  assertEquals([running.code, running.stderr], [
    1,
    `Cannot restore: a gateway uses ${folder.path}; stop it first\n`,
  ]);
  const foreign = await runCommand(["restore", song, "--data-dir", `${folder.path}/other`]);
  assertEquals(foreign.code, 1);
  assertMatch(foreign.stderr, /^Cannot restore: \S+ is neither an archive nor a database\n$/);
});

Deno.test("a backup uploaded in the admin takes the database's place at the next start", async () => {
  await using folder = await tempDir();
  let backup: Uint8Array<ArrayBuffer>;
  {
    await using gateway = await spawnGateway({ data_dir: folder.path });
    await gateway.rest("PATCH", "/ocpp/settings/", { name: "before" });
    const { body } = await gateway.rest("POST", "/ocpp/backups/");
    const authorization = `Basic ${btoa(`admin:${PASSWORD}`)}`;
    const download = await fetch(`${gateway.url}/ocpp/backups/${body.name}/`, { headers: { authorization } });
    backup = await download.bytes();
    await gateway.rest("PATCH", "/ocpp/settings/", { name: "after" });
    const headers = { authorization, "content-type": "application/octet-stream" };
    const bad = await fetch(`${gateway.url}/ocpp/backups/restore/`, {
      method: "POST",
      headers,
      body: "no backup",
    });
    assertEquals([bad.status, (await bad.json()).error], [
      400,
      "The backup is neither an archive nor a database",
    ]);
    const good = await fetch(`${gateway.url}/ocpp/backups/restore/`, {
      method: "POST",
      headers,
      body: backup,
    });
    assertEquals(good.status, 202);
    await good.body?.cancel();
    await eventually(() => isNamed(gateway, "before"), "the site has its old name", WITHIN);
    assertEquals((await gateway.stop()).code, 0);
  }
});

Deno.test("a backup is restored at first-run set-up, by who has the code", async () => {
  await using folder = await tempDir();
  await using new_machine = await tempDir();
  {
    await using gateway = await spawnGateway({ data_dir: folder.path });
    await gateway.rest("PATCH", "/ocpp/settings/", { name: "Depot" });
    await gateway.stop();
  }
  const copy = `${folder.path}/copy.db`;
  assertEquals((await runCommand(["backup", copy, "--data-dir", folder.path])).code, 0);
  await using gateway = await spawnGateway({ data_dir: new_machine.path, env: { OCPP_ADMIN_PASSWORD: "" } });
  const upload = async (code: string) => {
    const headers = { "x-setup-code": code, "content-type": "application/octet-stream" };
    const body = await Deno.readFile(copy);
    const response = await fetch(`${gateway.url}/ocpp/setup/restore/`, { method: "POST", headers, body });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await upload("wrong"), 403);
  assertEquals(await upload(await gateway.setupCode()), 202);
  await eventually(() => isNamed(gateway, "Depot"), "the site has the restored name", WITHIN);
});

/** Returns true if the site has a name; false also while the gateway restarts. */
async function isNamed(gateway: Pick<GatewayProcess, "rest">, name: string): Promise<boolean> {
  const answer = await gateway.rest("GET", "/ocpp/settings/").catch(() => null);
  return answer?.body.name === name;
}
