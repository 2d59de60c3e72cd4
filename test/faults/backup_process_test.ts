// Backups of a gateway that runs: from its own admin, and by the command beside it; and back again.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { RawClient } from "../../src/simulator/raw_client.ts";
import { PASSWORD } from "../helper.ts";
import { runCommand, spawnGateway, tempDir } from "./gateway_process.ts";

/** Sends readings until told to stop; resolves with how many were acknowledged. */
function busy(client: RawClient): () => Promise<number> {
  let going = true;
  const work = (async () => {
    let count = 0;
    for (; going; count++) {
      const sampledValue = [{ value: String(count) }];
      await client.call("MeterValues", {
        connectorId: 1,
        meterValue: [{ timestamp: new Date().toISOString(), sampledValue }],
      });
    }
    return count;
  })();
  return () => {
    going = false;
    return work;
  };
}

Deno.test("a gateway under load is backed up by its admin and by the command, and restored on a new machine", async () => {
  await using old_machine = await tempDir();
  await using new_machine = await tempDir();
  const copy = `${new_machine.path}/copy.db`;
  {
    await using gateway = await spawnGateway({ data_dir: old_machine.path });
    await using client = await RawClient.connect(gateway.ws_url, { path: "CP1" });
    await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    await gateway.rest("PATCH", "/ocpp/settings/", { name: "Depot" });
    const enough = busy(client);
    const made = await gateway.rest("POST", "/ocpp/backups/");
    assertEquals(made.status, 201);
    const { code, stdout } = await runCommand(["backup", copy, "--data-dir", old_machine.path]);
    assertEquals(code, 0);
    assertMatch(stdout, /copy\.db: site \w+, [\d.]+ MB, looked through and found whole/);
    assert(await enough() > 0);
    const { body } = await gateway.rest("GET", "/ocpp/backups/");
    // deno-lint-ignore no-explicit-any
    assertEquals(body.backups.map((backup: any) => backup.name), [made.body.name]);
    assertEquals((await gateway.stop()).code, 0);
  }
  const data_dir = `${new_machine.path}/data`;
  const { code, stdout } = await runCommand(["restore", copy, "--data-dir", data_dir]);
  assertEquals(code, 0);
  assertMatch(stdout, /^Restored site \w+\nStart the gateway to use it\n$/);
  await using gateway = await spawnGateway({ data_dir });
  assertEquals((await gateway.rest("GET", "/ocpp/settings/")).body.name, "Depot");
  assertEquals((await gateway.rest("GET", "/ocpp/chargers/CP1/")).body.vendor, "V");
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
  assertMatch(foreign.stderr, /^Cannot restore: \S+ cannot be read \(file is not a database\)\n$/);
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
      "The backup cannot be read (file is not a database)",
    ]);
    const good = await fetch(`${gateway.url}/ocpp/backups/restore/`, {
      method: "POST",
      headers,
      body: backup,
    });
    assertEquals(good.status, 202);
    await good.body?.cancel();
    await until(async () => (await gateway.rest("GET", "/ocpp/settings/")).body.name === "before");
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
  await until(async () => (await gateway.rest("GET", "/ocpp/settings/")).body.name === "Depot");
});

/** Waits, over a start anew, when nobody answers. */
async function until(what: () => Promise<boolean>): Promise<void> {
  while (!await what().catch(() => false)) await new Promise((resolve) => setTimeout(resolve, 20));
}
