// The fleet's database in PostgreSQL, against a real server of Debian's package.
import { assertEquals, assertRejects } from "@std/assert";
import postgres from "postgres";
import { openPostgresEngine } from "../../src/fleet/postgres_engine.ts";
import { eventually } from "../kit/eventually.ts";
import { needs } from "../kit/needs.ts";
import { POSTGRES, startPostgres, type TestPostgres } from "../kit/postgres.ts";
import { tempDir } from "../faults/gateway_process.ts";
import { Site, time } from "../kit/site.ts";
import { WireCharger } from "../kit/wire_charger.ts";
import { startFleet, startSite } from "./kit.ts";
import { compare, type Difference } from "./verifier.ts";

const WITH_POSTGRES = needs("PostgreSQL (apt install postgresql)", POSTGRES !== null);

Deno.test(
  "PostgreSQL has what a site stores, key by key and as tables, also after both ends were killed",
  WITH_POSTGRES,
  async () => {
    await using server = await startPostgres();
    await using fleet = await startFleet(await openPostgresEngine(server.url));
    await using folder = await tempDir();
    await using site = await startSite({
      data_dir: folder.path,
      fleet: fleet.url,
      code: await fleet.code("depot"),
      settings: { name: "Depot North" },
    });
    const { fleet: link } = site.gateway.services;
    const same = async () => {
      let found: Difference | undefined;
      const isSame = async () => {
        if (link.status!.waiting > 0 || link.status!.sending_all || link.status!.error !== null) return false;
        await site.gateway.services.store.redo_log.checkpoint(); // the verifier reads the tables only
        found = await compare(`${folder.path}/gateway.db`, fleet.engine, "depot");
        return found.missing.length + found.different.length + found.extra.length === 0;
      };
      await eventually(isSame, "both ends are the same", 60_000).catch((error) => {
        throw new Error(`${error.message}: ${JSON.stringify(found)}`);
      });
    };
    await using charger = await WireCharger.connect(new Site(site), { charger_id: "CP1" });
    await charger.boot();
    await charger.status(1, "Available");
    const started = { connectorId: 1, idTag: "T1", meterStart: 1000, timestamp: time(-60) };
    const { transactionId } = await charger.call("StartTransaction", started);
    await charger.call("StopTransaction", { transactionId, meterStop: 8000, timestamp: time() });
    await same();
    const sql = postgres(server.url, {
      max: 1,
      onnotice: () => {},
      connection: { search_path: "ocpp_fleet" },
    });
    assertEquals([...await sql`select site_id, name, waiting from site`], [{
      site_id: "depot",
      name: "Depot North",
      waiting: 0,
    }]);
    assertEquals((await sql`select charger_id, vendor from charger`).map(({ charger_id }) => charger_id), [
      "CP1",
    ]);
    assertEquals((await sql`select connector_id from connector where connector_id = 1`).length, 1);
    assertEquals([...await sql`select charger_id, energy_wh, state from session`], [
      { charger_id: "CP1", energy_wh: 7000, state: "completed" },
    ]);
    assertEquals((await sql`select kind from event where charger_id = 'CP1'`).length > 0, true);
    await site.gateway.services.sums.file();
    await eventually(
      async () => {
        const [row] = await sql`select sum(energy_wh) as sum from energy_hour`;
        return row!.sum === 7000;
      },
      "the sums are filed",
      60_000,
    );
    await server.kill();
    await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP2" });
    await site.rest("DELETE", "/ocpp/chargers/CP1/");
    await eventually(() => link.status!.error !== null, "the fleet says that it stores nothing");
    await server.start();
    await same();
    assertEquals((await sql`select charger_id from charger`).map(({ charger_id }) => charger_id), ["CP2"]);
    await sql.end();
  },
);

Deno.test(
  "two fleets that start at once, with the least rights, make the tables once; a newer one's are refused",
  WITH_POSTGRES,
  async () => {
    await using server = await startPostgres();
    await asOwner(server, [
      "create role ocpp_fleet login",
      "revoke all on schema public from public",
      "grant connect, create on database postgres to ocpp_fleet",
    ]);
    const url = server.url.replace("//fleet@", "//ocpp_fleet@");
    const engines = await Promise.all([openPostgresEngine(url), openPostgresEngine(url)]);
    for (const engine of engines) await engine.close();
    await asOwner(server, ["insert into ocpp_fleet.version values (99)"]);
    await assertRejects(() => openPostgresEngine(url), Error, "of a newer program (version 99)");
  },
);

/** Runs statements as the server's owner. */
async function asOwner({ url }: TestPostgres, statements: string[]): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  for (const statement of statements) await sql.unsafe(statement);
  await sql.end();
}
