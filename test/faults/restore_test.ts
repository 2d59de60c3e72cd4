// After a restore: no id is given out again, what had ended stays ended, and people are those of now unless said otherwise.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { PASSWORD } from "../kit/gateway.ts";
import { stageRestore } from "../../src/store/file/stage_restore.ts";
import { eventually } from "../kit/eventually.ts";
import { type GatewayProcess, runCommand, spawnGateway, tempDir } from "./gateway_process.ts";

const WITHIN = 120_000; // ms

const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

/** Connects a charger that has booted. */
async function booted(gateway: GatewayProcess, path = "CP1"): Promise<RawClient> {
  const client = await RawClient.connect(gateway.ws_url, { path });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  return client;
}

async function start(client: RawClient, idTag: string, meterStart: number): Promise<number> {
  const answer = await client.call("StartTransaction", {
    connectorId: 1,
    idTag,
    meterStart,
    timestamp: at(0),
  });
  // deno-lint-ignore no-explicit-any
  return (answer as any)[2].transactionId;
}

/** Stops the gateway, puts a backup in its database's place, and starts it again. */
async function restored(gateway: GatewayProcess, file: string, data_dir: string, flags: string[] = []) {
  assertEquals((await gateway.stop()).code, 0);
  const { code, stdout, stderr } = await runCommand(["restore", file, "--data-dir", data_dir, ...flags]);
  assertEquals(code, 0, stderr);
  return { gateway: await spawnGateway({ data_dir }), stdout };
}

/** Has the gateway send a command, which the charger accepts; returns its payload. */
async function command(
  gateway: GatewayProcess,
  client: RawClient,
  { action, payload, answer = { status: "Accepted" } }: {
    action: string;
    payload: unknown;
    answer?: unknown;
  },
  // deno-lint-ignore no-explicit-any
): Promise<any> {
  const asked = gateway.rest("POST", "/ocpp/chargers/CP1/action/", { action, payload });
  const [, id, , sent] = await client.next() as [number, string, string, unknown];
  client.send([3, id, answer]);
  assertEquals((await asked).status, 200);
  return sent;
}

/** Asks the charger for diagnostics; returns the id of the job, and the path to upload them to. */
async function askForDiagnostics(gateway: GatewayProcess, client: RawClient) {
  const { location } = await command(gateway, client, {
    action: "get_diagnostics",
    payload: {},
    answer: { fileName: "diagnostics.txt" },
  });
  const { jobs } = (await gateway.rest("GET", "/ocpp/chargers/CP1/jobs/")).body;
  return { job_id: jobs[0].job_id as number, path: new URL(location).pathname };
}

async function upload(gateway: GatewayProcess, path: string): Promise<number> {
  const answer = await fetch(gateway.url + path, { method: "PUT", body: "diagnostics" });
  await answer.body?.cancel();
  return answer.status;
}

async function backUp(gateway: GatewayProcess, data_dir: string): Promise<string> {
  return `${data_dir}/backups/${(await gateway.rest("POST", "/ocpp/backups/")).body.name}`;
}

Deno.test("a session that the restored database has forgotten keeps its id to itself: its StopTransaction is an orphan", async () => {
  await using folder = await tempDir();
  await using gateway = await spawnGateway({ data_dir: folder.path });
  const client = await booted(gateway);
  const first = await start(client, "A", 1000);
  await client.call("StopTransaction", {
    transactionId: first,
    meterStop: 2000,
    timestamp: at(0),
    idTag: "A",
  });
  const backup = await backUp(gateway, folder.path);
  const forgotten = await start(client, "A", 2000);
  await client.drop();
  const { gateway: again } = await restored(gateway, backup, folder.path);
  await using _again = again;
  const later = await booted(again);
  const fresh = await start(later, "A", 34_000);
  assert(fresh > forgotten + 1_000_000, `${fresh} is far beyond ${forgotten}`);
  await later.call("StopTransaction", {
    transactionId: forgotten,
    meterStop: 34_000,
    timestamp: at(0),
    idTag: "A",
  });
  const { body } = await again.rest("GET", "/ocpp/transactions/?charger_id=CP1");
  // deno-lint-ignore no-explicit-any
  const seen = body.transactions.map(({ state, flags, reported_transaction_id, energy_wh }: any) => [
    state,
    flags.includes("orphan") ? reported_transaction_id : null,
    energy_wh,
  ]);
  assertEquals(seen, [["completed", forgotten, null], ["active", null, 0], ["completed", null, 1000]]);
  await later.call("StopTransaction", {
    transactionId: fresh,
    meterStop: 66_000,
    timestamp: at(0),
    idTag: "A",
  });
  assertEquals((await again.rest("GET", `/ocpp/transactions/${fresh}/`)).body.energy_wh, 32_000);
  await later.drop();
});

Deno.test("each restore raises the ids again, also of reservations, jobs and profiles, and onto a new machine", async () => {
  await using folder = await tempDir();
  await using new_machine = await tempDir();
  let gateway = await spawnGateway({ data_dir: folder.path });
  const ids: number[] = [];
  const others: number[][] = [];
  const backup = await backUp(gateway, folder.path);
  for (const data_dir of [folder.path, folder.path, new_machine.path]) {
    const before = gateway;
    gateway = (await restored(before, backup, data_dir)).gateway;
    const client = await booted(gateway);
    ids.push(await start(client, "A", 1000));
    const { reservationId } = await command(gateway, client, {
      action: "reserve_now",
      payload: { connectorId: 1, expiryDate: at(60), idTag: "B" },
    });
    const { job_id } = await askForDiagnostics(gateway, client);
    const { csChargingProfiles } = await command(gateway, client, {
      action: "set_charging_profile",
      payload: {
        connectorId: 0,
        csChargingProfiles: {
          stackLevel: 0,
          chargingProfilePurpose: "ChargePointMaxProfile",
          chargingProfileKind: "Relative",
          chargingSchedule: {
            chargingRateUnit: "A",
            chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
          },
        },
      },
    });
    others.push([reservationId, job_id, csChargingProfiles.chargingProfileId]);
    await client.drop();
  }
  await gateway.kill();
  const [first, second, moved] = others as [number[], number[], number[]];
  first.forEach((id, kind) => {
    const of_kind = `${others.map((each) => each[kind])}`;
    assert(id > 100_000 && second[kind]! > id + 100_000 && moved[kind]! > 100_000, of_kind);
  });
  assert(ids[0]! > 1_000_000 && ids[1]! > ids[0]! + 1_000_000 && ids[2]! > 1_000_000, ids.join());
});

Deno.test("the upload URL of a charger ends with a restore", async () => {
  await using folder = await tempDir();
  await using gateway = await spawnGateway({ data_dir: folder.path });
  const client = await booted(gateway);
  const { path } = await askForDiagnostics(gateway, client);
  const backup = await backUp(gateway, folder.path);
  assertEquals(await upload(gateway, path), 201);
  await client.drop();
  const { gateway: again } = await restored(gateway, backup, folder.path);
  await using _again = again;
  assertEquals(await upload(again, path), 404);
});

Deno.test("revocations hold after a restore: those of the backup, and those made since, whosever users return", async () => {
  await using folder = await tempDir();
  await using gateway = await spawnGateway({ data_dir: folder.path });
  const revoke = (certificate: string) => gateway.rest("POST", "/ocpp/revocations/", { certificate });
  const revoked = async (at: GatewayProcess) =>
    (await at.rest("GET", "/ocpp/revocations/")).body.revocations
      .map(({ certificate }: { certificate: string }) => certificate);
  await revoke("aa11");
  const backup = await backUp(gateway, folder.path);
  await revoke("bb22");
  const { gateway: again } = await restored(gateway, backup, folder.path);
  assertEquals(await revoked(again), ["aa11", "bb22"]);
  const { gateway: third } = await restored(again, backup, folder.path, ["--backup-users"]);
  await using _third = third;
  assertEquals(await revoked(third), ["aa11", "bb22"]);
});

/** A login session, a token and a user of the backup, of which all have ended since. */
async function withEndedPeople(data_dir: string) {
  const gateway = await spawnGateway({ data_dir });
  const login = await fetch(`${gateway.url}/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user: "admin", password: PASSWORD }),
  });
  await login.body?.cancel();
  const cookie = login.headers.get("set-cookie")!.split(";")[0]!;
  const { body: token } = await gateway.rest("POST", "/ocpp/tokens/", { label: "t", role: "admin" });
  await gateway.rest("POST", "/ocpp/users/", {
    name: "eve",
    role: "admin",
    password: "a long password of hers",
  });
  const backup = await backUp(gateway, data_dir);
  await gateway.rest("DELETE", `/ocpp/tokens/${token.token_id}/`);
  await gateway.rest("DELETE", "/ocpp/users/eve/");
  await gateway.rest("POST", "/ocpp/users/", {
    name: "new",
    role: "viewer",
    password: "a password of today",
  });
  return { gateway, backup, cookie, bearer: `Bearer ${token.token}` };
}

const BASIC = (user: string, password: string) => ({ authorization: `Basic ${btoa(`${user}:${password}`)}` });

/** The statuses of requests with the session, with the deleted token, as the deleted admin, and as the new viewer. */
async function admitted(gateway: GatewayProcess, { cookie, bearer }: { cookie: string; bearer: string }) {
  const headers = [
    { cookie },
    { authorization: bearer },
    BASIC("eve", "a long password of hers"),
    BASIC("new", "a password of today"),
  ];
  const answers = await Promise.all(
    headers.map((header) => fetch(`${gateway.url}/ocpp/chargers/`, { headers: header })),
  );
  return await Promise.all(answers.map(async (answer) => {
    await answer.body?.cancel();
    return answer.status;
  }));
}

Deno.test("a restore ends all login sessions, and brings no deleted user or token back", async () => {
  await using folder = await tempDir();
  const { gateway, backup, ...login } = await withEndedPeople(folder.path);
  assertEquals(await admitted(gateway, login), [200, 401, 401, 200]);
  const { gateway: again, stdout } = await restored(gateway, backup, folder.path);
  await using _again = again;
  assertMatch(stdout, /Users and API tokens are still those of before the restore/);
  assertEquals(await admitted(again, login), [401, 401, 401, 200]);
});

Deno.test("restore --backup-users brings the backup's users and tokens back, and no login session", async () => {
  await using folder = await tempDir();
  const { gateway, backup, ...login } = await withEndedPeople(folder.path);
  const { gateway: again, stdout } = await restored(gateway, backup, folder.path, ["--backup-users"]);
  await using _again = again;
  assertMatch(stdout, /Users and API tokens are those of the backup/);
  assertEquals(await admitted(again, login), [401, 200, 200, 401]);
});

for (
  const { query, statuses } of [
    { query: "", statuses: [401, 401, 401, 200] },
    { query: "?people=backup", statuses: [401, 200, 200, 401] },
  ]
) {
  Deno.test(`a backup uploaded ${query || "without more"} lets in whom it should`, async () => {
    await using folder = await tempDir();
    const { gateway, backup, ...login } = await withEndedPeople(folder.path);
    await using _gateway = gateway;
    const started = (await gateway.rest("GET", "/healthz")).body.started_at;
    const upload = await fetch(`${gateway.url}/ocpp/backups/restore/${query}`, {
      method: "POST",
      headers: { ...BASIC("admin", PASSWORD), "content-type": "application/octet-stream" },
      body: await Deno.readFile(backup),
    });
    assertEquals([upload.status, await upload.text().then(() => null)], [202, null]);
    await eventually(
      async () => {
        const answer = await gateway.rest("GET", "/healthz").catch(() => null);
        return answer?.status === 200 && answer.body.started_at !== started;
      },
      "the gateway has restarted",
      WITHIN,
    );
    assertEquals(await admitted(gateway, login), statuses);
  });
}

Deno.test("a restore that a power cut interrupted before the last step begins again, with the people of now", async () => {
  await using folder = await tempDir();
  const { gateway, backup, ...login } = await withEndedPeople(folder.path);
  await gateway.stop();
  const path = `${folder.path}/gateway.db`;
  await stageRestore((await Deno.open(backup)).readable, {
    path,
    data_dir: folder.path,
    people: "now",
    passphrase: null,
    without_keys: false,
    only_site: null,
    room: null,
  });
  await Deno.copyFile(path, `${path}.partial`); // a copy cut short
  await Deno.truncate(`${path}.partial`, 5000);
  await using again = await spawnGateway({ data_dir: folder.path });
  assertEquals(await admitted(again, login), [401, 401, 401, 200]);
  assertEquals([...Deno.readDirSync(folder.path)].filter(({ name }) => /partial|restore/.test(name)), []);
});

Deno.test("the database that a restore replaced is listed by REST and doctor, and deleted by its name only", async () => {
  await using folder = await tempDir();
  const gateway = await spawnGateway({ data_dir: folder.path });
  const { gateway: again } = await restored(gateway, await backUp(gateway, folder.path), folder.path);
  await using _again = again;
  const { replaced } = (await again.rest("GET", "/ocpp/backups/")).body;
  assertEquals(replaced.length, 1);
  const [{ name }] = replaced;
  assertMatch(
    (await runCommand(["doctor", "--data-dir", folder.path])).stdout,
    new RegExp(`replaced +${name}`),
  );
  const remove = async (file: string) =>
    (await again.rest("DELETE", `/ocpp/backups/replaced/${encodeURIComponent(file)}/`)).status;
  assertEquals(await remove("gateway.db"), 404);
  assertEquals(await remove(`../${name}`), 404);
  assertEquals(await remove(name), 204);
  assertEquals((await again.rest("GET", "/ocpp/backups/")).body.replaced, []);
});
