// A site and its fleet, through the front door: enrolment, what arrives, cuts, fences, and bad input.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { FleetEngine } from "../../src/fleet/engine.ts";
import { restBytes } from "../../src/store/changes/batch.ts";
import { encodeBatch } from "../../src/store/changes/batch.ts";
import { SCHEMA } from "../../src/store/site.ts";
import { eventually } from "../kit/eventually.ts";
import type { TestGateway } from "../kit/gateway.ts";
import { tempDir } from "../faults/gateway_process.ts";
import { startFleet, startLine, startSite } from "./kit.ts";
import { compare } from "./verifier.ts";

/** Waits until everything has arrived, and compares both ends. */
async function arrived(site: TestGateway, { engine, data_dir, site_id = "depot" }: {
  engine: FleetEngine;
  data_dir: string;
  site_id?: string;
}): Promise<number> {
  const { fleet, store } = site.gateway.services;
  await eventually(() => {
    const status = fleet.status!;
    return status.acknowledged_at !== null && status.waiting === 0 && !status.sending_all &&
      store.commits.depth === 0;
  }, "everything sent");
  await store.redo_log.checkpoint(); // the verifier reads the tables only
  const { equal, ...rest } = await compare(`${data_dir}/gateway.db`, engine, site_id);
  assertEquals(rest, { missing: [], different: [], extra: [] });
  return equal;
}

async function addChargers({ rest }: TestGateway, ...ids: string[]): Promise<void> {
  for (const charger_id of ids) {
    assertEquals((await rest("POST", "/ocpp/chargers/", { charger_id })).status, 201);
  }
}

async function alarmsOf({ rest }: TestGateway): Promise<string> {
  return (await rest("GET", "/healthz")).body.alarms?.join() ?? "";
}

Deno.test("a site is enrolled by a one-time code, and its fleet has all that it stores, key by key", async () => {
  await using fleet = await startFleet();
  await using folder = await tempDir();
  const options = { data_dir: folder.path, fleet: fleet.url };
  const code = await fleet.code("depot");
  {
    await using site = await startSite({ ...options, code });
    await addChargers(site, "CP1", "CP2");
    await site.rest("PATCH", "/ocpp/settings/", { name: "Depot North" });
    assert(await arrived(site, { ...fleet, ...options }) > 5);
    await site.rest("DELETE", "/ocpp/chargers/CP2/");
    await arrived(site, { ...fleet, ...options });
    const { body } = await site.rest("GET", "/ocpp/fleet/");
    assertEquals([body.connected, body.refused, body.waiting, body.site_id], [true, null, 0, "depot"]);
  }
  await using site = await startSite({ ...options, code }); // the code is used up; the key holds
  await addChargers(site, "CP3");
  await arrived(site, { ...fleet, ...options });
  assertEquals((await fleet.engine.sites()).map(({ site_id, epoch }) => [site_id, epoch]), [["depot", 1]]);
});

Deno.test("a site that is in no fleet notes nothing, and what it stored without one is sent when it joins again", async () => {
  await using fleet = await startFleet();
  await using folder = await tempDir();
  const options = { data_dir: folder.path, fleet: fleet.url };
  {
    await using site = await startSite({ ...options, code: await fleet.code("depot") });
    await addChargers(site, "CP1");
    await arrived(site, { ...fleet, ...options });
  }
  {
    await using site = await startSite({ ...options, config: { fleet: null } });
    await addChargers(site, "CP2");
    await site.rest("DELETE", "/ocpp/chargers/CP1/");
    assertEquals(site.gateway.services.store.changes.size, 0);
    assertEquals((await site.rest("GET", "/ocpp/fleet/")).status, 404);
  }
  await using site = await startSite(options);
  await arrived(site, { ...fleet, ...options });
});

Deno.test("a cut line loses nothing, whether the batch or its answer was on it", async () => {
  await using fleet = await startFleet();
  await using folder = await tempDir();
  using line = startLine(() => fleet.server.port);
  const options = { data_dir: folder.path, fleet: line.url };
  await using site = await startSite({ ...options, code: await fleet.code("depot") });
  for (let round = 0; round < 8; round++) {
    line.deaf = round % 2 === 1; // the fleet stores the batch, and its answer is lost
    await addChargers(site, `A${round}`, `B${round}`);
    line.cut = true;
    line.cutNow();
    await addChargers(site, `C${round}`);
    line.cut = false;
    line.deaf = false;
  }
  await arrived(site, { ...fleet, ...options });
  assertEquals((await fleet.engine.sites())[0]!.fenced_at, null);
});

Deno.test("a copied card is fenced with its first batch, both sides say so, and it goes on serving its chargers", async () => {
  await using fleet = await startFleet();
  await using folder = await tempDir();
  const right = { data_dir: `${folder.path}/right`, fleet: fleet.url };
  const copied = { data_dir: `${folder.path}/copied`, fleet: fleet.url };
  await Deno.mkdir(right.data_dir);
  {
    await using site = await startSite({ ...right, code: await fleet.code("depot") });
    await arrived(site, { ...fleet, ...right });
  }
  await Deno.mkdir(copied.data_dir);
  for (const { name, isFile } of [...Deno.readDirSync(right.data_dir)]) {
    if (isFile) await Deno.copyFile(`${right.data_dir}/${name}`, `${copied.data_dir}/${name}`);
  }
  await using site = await startSite(right);
  await addChargers(site, "CP1");
  await arrived(site, { ...fleet, ...right });
  await using copy = await startSite(copied);
  await addChargers(copy, "CP9");
  await eventually(() => copy.gateway.services.fleet.status?.refused === "fenced", "the copy is fenced");
  assertMatch(
    await alarmsOf(copy),
    /Another gateway sends to the fleet as this site/,
  );
  assertEquals((await copy.rest("GET", "/healthz")).body.status, "ok");
  assert((await fleet.engine.sites())[0]!.fenced_at !== null);
  await addChargers(copy, "CP10");
  await arrived(site, { ...fleet, ...right });
  await addChargers(site, "CP2");
  await arrived(site, { ...fleet, ...right });
});

Deno.test("a site enrolled anew sends everything again, and the gateway that it replaces is refused", async () => {
  await using fleet = await startFleet();
  await using folder = await tempDir();
  const old = { data_dir: `${folder.path}/old`, fleet: fleet.url };
  const fresh = { data_dir: `${folder.path}/new`, fleet: fleet.url };
  await Deno.mkdir(old.data_dir), await Deno.mkdir(fresh.data_dir);
  await using before = await startSite({ ...old, code: await fleet.code("depot") });
  await addChargers(before, "OLD");
  await arrived(before, { ...fleet, ...old });
  await using after = await startSite({ ...fresh, code: await fleet.code("depot") });
  await addChargers(after, "NEW");
  await arrived(after, { ...fleet, ...fresh });
  await addChargers(before, "LATE");
  await eventually(() => before.gateway.services.fleet.status?.refused, "the old one is refused");
  await arrived(after, { ...fleet, ...fresh });
  assertEquals((await fleet.engine.sites())[0]!.epoch, 2);
});

Deno.test("wrong, used and foreign codes are refused, and the site says why", async () => {
  await using fleet = await startFleet();
  await using folder = await tempDir();
  const wrong = ["AAAAA-AAAAA-AAAAA-AAAAA", await fleet.code("another-site")];
  for (const code of wrong) {
    await using site = await startSite({ data_dir: folder.path, fleet: fleet.url, code });
    await eventually(() => site.gateway.services.fleet.status?.refused === "wrong_code", "refused");
    await addChargers(site, `CP${wrong.indexOf(code)}`);
    assertMatch(
      await alarmsOf(site),
      /The fleet refuses this site: The code is wrong/,
    );
  }
  assertEquals(await fleet.engine.sites(), []);
});

/** Speaks to a fleet by hand; returns its answers and how it ended. */
async function talk(
  url: string,
  messages: (string | Uint8Array)[],
): Promise<{ answers: string[]; code: number }> {
  const socket = new WebSocket(`${url}/link`);
  const answers: string[] = [];
  const next = () => {
    const message = messages.shift();
    if (message === undefined) socket.close();
    else socket.send(message as string);
  };
  socket.onopen = next;
  socket.onmessage = ({ data }) => {
    const { type, code = "" } = JSON.parse(data);
    answers.push(`${type} ${code}`.trim());
    next();
  };
  socket.onerror = () => {};
  const { code } = await new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  return { answers, code };
}

Deno.test("a fleet refuses nonsense, another key, replays, gaps, newer sites and batches that are too large", async () => {
  await using fleet = await startFleet();
  const key = "k".repeat(64);
  const hello = (changes: object = {}) =>
    JSON.stringify({
      type: "hello",
      protocol: 1,
      site_id: "depot",
      key,
      program: "1",
      schema: SCHEMA,
      ...changes,
    });
  const batch = (changes: object = {}) =>
    encodeBatch({
      id: "batch-0001",
      after: [null],
      schema: SCHEMA,
      at: 253_402_300_800_000 * 9,
      range: null,
      waiting: 0,
      rows: [{ key: restBytes(["x", 1]), value: new Uint8Array([1]) }],
      ...changes,
    });
  const ask = async (...messages: (string | Uint8Array)[]) => (await talk(fleet.url, messages)).answers;
  assertEquals(await ask("nonsense"), ["refused bad_message"]);
  assertEquals(await ask(hello()), ["refused unknown_site"]);
  const code = await fleet.code("depot");
  assertEquals(await ask(hello({ code }), await batch()), ["welcome", "ack"]);
  assertEquals(await ask(hello({ code })), ["welcome"], "a lost answer to the enrolment");
  assertEquals(await ask(hello({ code, key: "q".repeat(64) })), ["refused wrong_code"]);
  assertEquals(await ask(hello({ key: "q".repeat(64) })), ["refused unknown_site"]);
  assertEquals(await ask(hello(), await batch()), ["welcome", "ack"], "a lost answer to the batch");
  assertEquals(await ask(hello(), await batch({ id: "batch-0002" })), ["welcome", "refused fenced"]);
  assertEquals(await ask(hello(), await batch({ id: "batch-0003", after: ["batch-0002"] })), [
    "welcome",
    "refused fenced",
  ]);
  assertEquals(await ask(hello(), await batch({ schema: SCHEMA + 1 })), ["welcome", "refused newer_site"]);
  assertEquals(await ask(hello(), new Uint8Array(100)), ["welcome", "refused bad_message"]);
  const bomb = {
    id: "batch-0004",
    after: ["batch-0001"],
    rows: [{ key: restBytes(["x"]), value: new Uint8Array(9_000_000) }],
  };
  assertEquals(await ask(hello(), await batch(bomb)), ["welcome", "refused bad_message"]);
  assertEquals((await talk(fleet.url, [hello(), new Uint8Array(3_000_000)])).code, 1009);
  assertEquals((await Array.fromAsync(fleet.engine.values("depot"))).length, 1);
});
