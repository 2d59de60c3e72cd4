// Gateways whose database is on a KV Connect server: sites apart, one writer each, and a server that is away or emptied.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fromBytes, toBytes } from "../../src/store/kv/codec.ts";
import { StorageError } from "../../src/store/kv/commits.ts";
import { putMutation } from "../../src/store/kv/mutation.ts";
import { newCharger } from "../../src/store/new_charger.ts";
import { SCHEMA, type Site } from "../../src/store/site.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { type KvServer, startKvServer } from "../kit/kv_server.ts";
import { tempDir } from "./gateway_process.ts";

/** Starts a gateway on a server, with deadlines that tests can wait for. */
function start(
  { url }: KvServer,
  { data_dir, site = null, deadline_ms = 5_000, lease_ms = 40 }: {
    data_dir: string;
    site?: string | null;
    deadline_ms?: number;
    lease_ms?: number;
  },
): Promise<TestGateway> {
  const tuning = { store_deadline_ms: deadline_ms, lease_ms };
  return startTestGateway({ config: { kv: url, data_dir, site }, tuning });
}

async function health(
  { url }: TestGateway,
): Promise<{ status: string; problem?: string; alarms?: string[] }> {
  return await (await fetch(`${url}/healthz`)).json();
}

async function namesOf({ rest }: TestGateway): Promise<string[]> {
  const { body } = await rest("GET", "/ocpp/chargers/");
  return body.chargers.map(({ charger_id }) => charger_id);
}

async function siteIdOf({ gateway }: TestGateway): Promise<string> {
  return await Promise.resolve(gateway.services.store.site.site_id);
}

Deno.test("two sites in one KV Connect server keep apart, also over restarts", async () => {
  await using server = startKvServer();
  await using folder = await tempDir();
  const open = (site: string) => start(server, { data_dir: `${folder.path}/${site}`, site });
  for (const round of [1, 2]) {
    await using north = await open("north");
    await using south = await open("south");
    await north.rest("POST", "/ocpp/chargers/", { charger_id: `N${round}` });
    await south.rest("POST", "/ocpp/chargers/", { charger_id: `S${round}` });
  }
  await using north = await start(server, { data_dir: `${folder.path}/north` });
  await using south = await start(server, { data_dir: `${folder.path}/south` });
  assertEquals([await siteIdOf(north), await siteIdOf(south)], ["north", "south"]);
  assertEquals([await namesOf(north), await namesOf(south)], [["N1", "N2"], ["S1", "S2"]]);
});

Deno.test("a site without a name on a server is main, and none takes it from another gateway by accident", async () => {
  await using server = startKvServer();
  await using folder = await tempDir();
  {
    await using first = await start(server, { data_dir: `${folder.path}/first` });
    assertEquals(await siteIdOf(first), "main");
  }
  await assertRejects(
    () => start(server, { data_dir: `${folder.path}/second` }),
    Error,
    "holds the site main of another gateway; --site NAME names this one, or takes it over",
  );
  await using third = await start(server, { data_dir: `${folder.path}/third`, site: "main" });
  assertEquals(await siteIdOf(third), "main");
});

Deno.test("a second gateway of a site is refused while the first one runs, and starts when that has stopped", async () => {
  await using server = startKvServer();
  await using folder = await tempDir();
  const open = (name: string) => start(server, { data_dir: `${folder.path}/${name}`, site: "depot" });
  {
    await using first = await open("first");
    await assertRejects(() => open("second"), Error, "another gateway runs site depot");
    const { status } = await first.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
    assertEquals(status, 201);
  }
  await using second = await open("second");
  assertEquals(await namesOf(second), ["CP1"]);
});

Deno.test("a gateway whose site another has taken over stores nothing more, and says so", async () => {
  await using server = startKvServer();
  await using folder = await tempDir();
  await using old = await start(server, { data_dir: `${folder.path}/old`, site: "depot" });
  const { instance } = JSON.parse(await Deno.readTextFile(`${folder.path}/old/site.json`));
  await Deno.mkdir(`${folder.path}/copy`);
  await Deno.writeTextFile(
    `${folder.path}/copy/site.json`,
    JSON.stringify({ site_id: "depot", instance, epoch: 0 }),
  );
  await using copy = await start(server, { data_dir: `${folder.path}/copy` }); // a copied card has its instance too
  const refused = await old.rest("POST", "/ocpp/chargers/", { charger_id: "LATE" });
  assertEquals(refused.status, 503);
  const { status, alarms } = await eventually(async () => {
    const found = await health(old);
    return found.alarms ? found : null;
  });
  assertEquals(status, "failing");
  assertMatch(alarms!.join(), /another gateway has taken over the site/);
  await copy.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  assertEquals(await namesOf(copy), ["CP1"]);
});

Deno.test("the site of a gateway that died is taken over when it has renewed nothing for a while", async () => {
  await using server = startKvServer();
  await using folder = await tempDir();
  {
    await using _first = await start(server, { data_dir: `${folder.path}/first`, site: "depot" });
  }
  using kv = await Deno.openKv(server.url);
  await kv.set(["depot", "writer_alive"], toBytes({ instance: "another", count: 7 })); // as after kill -9
  await using second = await start(server, {
    data_dir: `${folder.path}/second`,
    site: "depot",
    lease_ms: 20,
  });
  const { value } = await kv.get<Uint8Array>(["depot", "writer"]);
  assertEquals(fromBytes<{ epoch: number }>(value!).epoch, 2);
  assertEquals(await siteIdOf(second), "depot");
});

Deno.test("a server that does not answer fails what waits within the deadline, and what was under way ends as it did", async () => {
  await using server = startKvServer();
  await using folder = await tempDir();
  await using gateway = await start(server, { data_dir: folder.path, deadline_ms: 150, lease_ms: 60_000 });
  const { commits, site } = gateway.gateway.services.store;
  assertEquals(await namesOf(gateway), []); // the admin's account is stored
  server.hold();
  const under_way = commits.put([putMutation([site.site_id, "test", 1], 1)]);
  await eventually(() => commits.stats.under_way_since !== null);
  const waiting = commits.put([putMutation([site.site_id, "test", 2], 2)]);
  await assertRejects(() => waiting, StorageError, "has not answered for 0.15 s");
  await assertRejects(() => commits.put([putMutation([site.site_id, "test", 3], 3)]), StorageError);
  const { status } = await gateway.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  assertEquals(status, 503);
  assertEquals((await health(gateway)).status, "failing");
  assert(gateway.gateway.services.maintenance.alarms.has("database_server"));
  server.release();
  await under_way;
  await eventually(async () => (await health(gateway)).status === "ok", "healthy again");
  const { store } = gateway.gateway.services;
  const stored = await Array.fromAsync(store.read.list({ prefix: [site.site_id, "test"] }));
  assertEquals(stored.map(({ key }) => key.at(-1)), [1]);
  assertEquals((await gateway.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" })).status, 201);
});

Deno.test("a server that refuses reads only makes the gateway's health fail", async () => {
  await using server = startKvServer();
  await using folder = await tempDir();
  await using gateway = await start(server, { data_dir: folder.path, deadline_ms: 200, lease_ms: 50 });
  assertEquals((await health(gateway)).status, "ok");
  server.refuse_reads = true;
  const { problem } = await eventually(async () => {
    const found = await health(gateway);
    return found.problem ? found : null;
  });
  assertMatch(problem!, /cannot be read|does not store/);
  server.refuse_reads = false;
  await eventually(async () => (await health(gateway)).status === "ok", "healthy again");
});

Deno.test("an emptied server, or one with an older state, is no new site: the gateway does not start", async () => {
  await using server = startKvServer();
  await using folder = await tempDir();
  const open = () => start(server, { data_dir: folder.path, site: "depot" });
  {
    await using gateway = await open();
    await gateway.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  }
  using kv = await Deno.openKv(server.url);
  const { value } = await kv.get<Uint8Array>(["depot", "writer"]);
  {
    await using _again = await open();
  }
  await kv.set(["depot", "writer"], value!); // a backup of the server from before the second start
  await assertRejects(open, Error, "holds an older state of site depot than this gateway wrote");
  server.empty();
  await assertRejects(open, Error, "does not hold site depot: it was emptied, or is another server");
  assertEquals(server.keys(), []);
});

Deno.test("a server that is away at the start ends it within the deadline", async () => {
  await using server = startKvServer();
  await using folder = await tempDir();
  server.hold();
  await assertRejects(
    () => start(server, { data_dir: folder.path, deadline_ms: 100 }),
    Error,
    `Cannot start: the database server ${server.url}: The database has not answered for 0.1 s`,
  );
});

Deno.test("the site that an older program kept in a server goes on under its id", async () => {
  await using server = startKvServer();
  await using folder = await tempDir();
  const site: Site = { site_id: "0a1b2c3d", schema: 3, created_at: "2025-01-01T00:00:00.000Z" };
  const { connectors: _, ...charger } = newCharger("CP1", "Accepted", 0);
  using kv = await Deno.openKv(server.url);
  await kv.set(["site"], toBytes(site));
  await kv.set(["0a1b2c3d", "charger", "CP1"], toBytes(charger));
  for (const _ of [1, 2]) {
    await using gateway = await start(server, { data_dir: folder.path });
    assertEquals(await siteIdOf(gateway), "0a1b2c3d");
    assertEquals(await namesOf(gateway), ["CP1"]);
  }
  assertEquals((await kv.get(["site"])).value, null);
  const { value } = await kv.get<Uint8Array>(["0a1b2c3d", "site"]);
  assertEquals(fromBytes<Site>(value!), { ...site, schema: SCHEMA });
});

Deno.test("a data directory of one site does not become another's", async () => {
  await using server = startKvServer();
  await using folder = await tempDir();
  {
    await using _gateway = await start(server, { data_dir: folder.path, site: "north" });
  }
  await assertRejects(
    () => start(server, { data_dir: folder.path, site: "south" }),
    Error,
    `${folder.path} is of site north, not of south`,
  );
});
