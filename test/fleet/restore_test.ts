// A new card is enrolled as the same site, and gets everything back.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { openPostgresEngine } from "../../src/fleet/postgres_engine.ts";
import { openKvEngine } from "../../src/fleet/kv_engine.ts";
import { restBytes } from "../../src/store/changes/batch.ts";
import { eventually } from "../kit/eventually.ts";
import { POSTGRES, startPostgres } from "../kit/postgres.ts";
import { Site, time } from "../kit/site.ts";
import { WireCharger } from "../kit/wire_charger.ts";
import { runCommand, tempDir } from "../faults/gateway_process.ts";
import { startFleet, startSite } from "./kit.ts";
import { compare } from "./verifier.ts";

Deno.test("restore --fleet makes a new card the site: records, people, higher ids; the former gateway is refused", async () => {
  await using postgres = POSTGRES ? await startPostgres() : null;
  await using fleet = await startFleet(
    postgres ? await openPostgresEngine(postgres.url) : await openKvEngine(":memory:"),
  );
  await using folder = await tempDir();
  const [old_dir, new_dir] = [`${folder.path}/old`, `${folder.path}/new`];
  await Deno.mkdir(old_dir), await Deno.mkdir(new_dir);
  await using old = await startSite({ data_dir: old_dir, fleet: fleet.url, code: await fleet.code("depot") });
  await using charger = await WireCharger.connect(new Site(old), { charger_id: "CP1" });
  await charger.boot();
  const started = { connectorId: 1, idTag: "T1", meterStart: 0, timestamp: time(-5) };
  const { transactionId } = await charger.call("StartTransaction", started);
  await charger.call("StopTransaction", { transactionId, meterStop: 5000, timestamp: time() });
  const { fleet: link } = old.gateway.services;
  await eventually(
    () => link.status!.acknowledged_at && link.status!.waiting === 0 && !link.status!.sending_all,
    "all sent",
  );
  const line = async (...more: string[]) =>
    await runCommand([
      ...[
        "restore",
        "--data-dir",
        new_dir,
        "--fleet",
        fleet.url,
        "--site",
        "depot",
        "--fleet-code",
        await fleet.code("depot"),
      ],
      ...more,
    ]);
  const { code, stdout, stderr } = await line();
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^Restored site depot with \d+ values/);
  await using site = await startSite({ data_dir: new_dir, fleet: fleet.url });
  const { body } = await site.rest("GET", "/ocpp/transactions/");
  assertEquals(body.transactions.map(({ transaction_id, energy_wh }) => [transaction_id, energy_wh]), [[
    transactionId,
    5000,
  ]]);
  assert(site.gateway.services.store.transactions.nextId() > transactionId + 1_000_000);
  await old.rest("POST", "/ocpp/rfids/", { rfid: "LATE" });
  await eventually(() => link.status!.refused, "the former gateway is refused");
  const { fleet: again } = site.gateway.services;
  await eventually(
    () => again.status!.acknowledged_at && again.status!.waiting === 0 && !again.status!.sending_all,
    "all sent",
  );
  await site.gateway.services.store.redo_log.checkpoint(); // the verifier reads the tables only
  const { equal: _, ...rest } = await compare(`${new_dir}/gateway.db`, fleet.engine, "depot");
  assertEquals(rest, { missing: [], different: [], extra: [] });
});

Deno.test("restore --fleet is refused while the last gateway had more to send, unless it is told to go on", async () => {
  await using fleet = await startFleet(await openKvEngine(":memory:"));
  await using folder = await tempDir();
  const old_dir = `${folder.path}/old`;
  await Deno.mkdir(old_dir);
  {
    await using old = await startSite({
      data_dir: old_dir,
      fleet: fleet.url,
      code: await fleet.code("depot"),
    });
    const { fleet: link } = old.gateway.services;
    await eventually(
      () => link.status!.acknowledged_at && link.status!.waiting === 0 && !link.status!.sending_all,
      "all sent",
    );
  }
  const key_hash = "0".repeat(64);
  const code_hash = "1".repeat(64);
  await fleet.engine.addCode(code_hash, "depot", Date.now() + 1000);
  await fleet.engine.enrol({ site_id: "depot", code_hash, key_hash, now: Date.now() });
  const rows = [{ key: restBytes(["x"]), value: new TextEncoder().encode("1") }];
  const batch = { id: "batch-0001", after: [null], schema: 4, at: 1, range: null, waiting: 7, rows };
  await fleet.engine.apply("depot", batch, { key_hash, program: "", now: 1 });
  const code = await fleet.code("depot");
  const line = [
    "restore",
    "--data-dir",
    `${folder.path}/new`,
    "--fleet",
    fleet.url,
    "--site",
    "depot",
    "--fleet-code",
    code,
  ];
  const refused = await runCommand(line);
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /^Cannot restore: The site's last gateway had more to send/);
  const open = line.map((word) => word === fleet.url ? "ws://192.0.2.1" : word);
  assertEquals((await runCommand(open)).code, 2, "unencrypted to another machine");
  assertEquals((await runCommand([...line, "--incomplete"])).code, 0);
  assertEquals((await runCommand(line)).code, 1, "the code is used, and its key is this machine's own");
});
