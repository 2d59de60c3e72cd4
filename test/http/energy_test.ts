// /ocpp/energy/ and /ocpp/report/ against a plain sum of the raw transactions, and what they print and export.
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import type { Store, Transaction } from "../../src/store/store.ts";
import { plainSums, type RawTransaction } from "../check_energy.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { transactionWith } from "../kit/transaction.ts";

const ZONES = [
  "Europe/Madrid",
  "UTC",
  "America/Mexico_City",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "America/St_Johns",
];
const HOUR = 3_600_000;
/** Before the clocks of Europe change, and those of Lord Howe. */
const FIRST = Date.UTC(2026, 2, 27);
const LAST = FIRST + 14 * 24 * HOUR;
const NOW = LAST + 24 * HOUR;

function iso(at: number): string {
  return new Date(at).toISOString();
}

const anySession = fc.record({
  start: fc.oneof(
    fc.integer({ min: FIRST, max: LAST }),
    fc.constantFrom(
      Date.UTC(2026, 2, 28, 22, 30),
      Date.UTC(2026, 2, 31, 21, 59, 59, 999),
      Date.UTC(2026, 3, 1),
    ),
  ),
  length: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 8 * HOUR }),
    fc.integer({ min: 0, max: 60 * HOUR }),
  ),
  energy_wh: fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 80_000 }),
    fc.integer({ min: 0, max: 80_000_000 }).map((milli) => milli / 1000),
  ),
  charger_id: fc.constantFrom("CP1", "CP2", "SIM"),
  connector_id: fc.integer({ min: 0, max: 2 }),
  id_tag: fc.constantFrom("AAAA1111", "aaaa1111", "BBBB2222", "CCCC3333", "DDDD4444", ""),
  simulated: fc.boolean(),
  flags: fc.constantFrom<string[][]>([], ["clock"], ["orphan"], ["no-stop", "unaccounted"]),
  correction: fc.option(fc.record({
    energy_wh: fc.integer({ min: 0, max: 90_000 }),
    later: fc.integer({ min: -2 * HOUR, max: 50 * HOUR }),
  })),
  closed: fc.boolean(),
});

type Made = typeof anySession extends fc.Arbitrary<infer T> ? T : never;

const LABELS: Record<string, string> = { AAAA1111: "Ana", BBBB2222: "Luis", CCCC3333: "Ana" };

/** Stores sessions as the gateway would: ended, running and closed by hand, and later corrected. */
async function make(sessions: Made[], site: TestGateway): Promise<void> {
  const { store, sums } = site.gateway.services;
  const ids: number[] = [];
  for (const { length, correction: _, closed, start, ...session } of sessions) {
    const transaction_id = store.transactions.nextId();
    ids.push(transaction_id);
    const ended = { state: "completed", stop_time: iso(start + length) } as const;
    const state = closed ? { state: "active", stop_time: null } as const : ended;
    await store.transactions.add(
      transactionWith({ ...session, transaction_id, start_time: iso(start), ...state }),
    );
    if (!closed) continue;
    const answer = await site.rest("POST", `/ocpp/transactions/${transaction_id}/close/`, { reason: "gone" });
    assertEquals(answer.status, 200);
  }
  if (sessions.length % 2) await sums.file();
  for (const [index, { correction, start }] of sessions.entries()) {
    if (correction) await correct(ids[index]!, correction, { store, start });
  }
  if (sessions.length % 3) await sums.file();
}

async function correct(
  id: number,
  { energy_wh, later }: NonNullable<Made["correction"]>,
  { store, start }: { store: Store; start: number },
): Promise<void> {
  const transaction = await store.transactions.get(id) as Transaction;
  const stop_time = iso(Math.max(start, Date.parse(transaction.stop_time!) + later));
  await store.transactions.put(Object.assign(transaction, { energy_wh, stop_time }));
}

/** Returns all transactions as REST has them. */
async function rawTransactions(site: TestGateway): Promise<RawTransaction[]> {
  const all: RawTransaction[] = [];
  for (let cursor = "";;) {
    const { body } = await site.rest("GET", `/ocpp/transactions/?limit=7${cursor}`);
    all.push(...body.transactions);
    if (body.next === null) return all;
    cursor = `&cursor=${body.next}`;
  }
}

/** Returns a day of a zone by a way of its own. */
function dayIn(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short" });
  return (at) => format.format(at);
}

const WHOLE = "from=2026-03-01T00:00:00Z&to=2026-05-01T00:00:00Z";

function milli(wh: number): number {
  return Math.round(wh * 1000);
}

async function compare(site: TestGateway, zone: string): Promise<void> {
  await site.rest("PATCH", "/ocpp/settings/", { time_zone: zone });
  const raw = await rawTransactions(site);
  for (const simulated of ["true", "false", "all"]) {
    const some = raw.filter((one) => simulated === "all" || String(one.simulated) === simulated);
    const keys = {
      charger: ({ charger_id }: RawTransaction) => charger_id,
      tag: ({ id_tag }: RawTransaction) => id_tag.toUpperCase(),
      holder: ({ id_tag }: RawTransaction) => LABELS[id_tag.toUpperCase()] ?? id_tag.toUpperCase(),
    };
    for (const [group, keyOf] of Object.entries(keys)) {
      const { body } = await site.rest("GET", `/ocpp/energy/?${WHOLE}&group=${group}&simulated=${simulated}`);
      const said = body.rows.map((row: Record<string, unknown>) => [
        group === "charger" ? row.charger_id : group === "tag" ? row.id_tag : row.holder || row.id_tag,
        {
          sessions: row.sessions,
          energy: milli(row.energy_wh as number),
          connected: milli(row.connected_s as number),
        },
      ]).sort();
      assertEquals(said, [...plainSums(some, keyOf, NOW)].sort(), `${group} ${simulated} ${zone}`);
    }
    await compareDays(site, some, { zone, simulated });
  }
}

async function compareDays(
  site: TestGateway,
  some: RawTransaction[],
  { zone, simulated }: { zone: string; simulated: string },
): Promise<void> {
  const dayOf = dayIn(zone);
  const { body } = await site.rest("GET", `/ocpp/energy/?${WHOLE}&by=day&simulated=${simulated}`);
  const sessions = plainSums(some, ({ start_time }) => dayOf(Date.parse(start_time)), NOW);
  assertEquals(
    body.rows.filter((row: { sessions: number }) => row.sessions > 0)
      .map((row: { label: string; sessions: number }) => [row.label, row.sessions]),
    [...sessions].map(([day, sum]) => [day, sum.sessions]).sort(),
  );
  const sum = (of: (row: Record<string, number>) => number) =>
    body.rows.reduce((all: number, row: Record<string, number>) => all + of(row), 0);
  const [plain] = [...plainSums(some, () => "", NOW).values(), { energy: 0, connected: 0, sessions: 0 }];
  assertEquals(sum((row) => milli(row.energy_wh!)), plain!.energy);
  assertEquals(sum((row) => milli(row.connected_s!)), plain!.connected);
  for (const { label, energy_wh } of body.rows) {
    assertAlmostEquals(energy_wh, energyOn(label, some, dayOf), some.length + 0.001, `${label} ${zone}`);
  }
}

/** Returns a day's energy, each session spread evenly over its minutes: the sessions here have no meter values. */
function energyOn(day: string, some: RawTransaction[], dayOf: (at: number) => string): number {
  let wh = 0;
  for (const { start_time, stop_time, energy_wh } of some) {
    const [start, stop] = [Date.parse(start_time), Date.parse(stop_time!)];
    if (dayOf(start) > day || dayOf(stop) < day) continue;
    if (dayOf(start) === day && dayOf(Math.max(start, stop - 1)) === day) wh += energy_wh ?? 0;
    else wh += (energy_wh ?? 0) * shareOn(day, { start, stop, dayOf });
  }
  return wh;
}

function shareOn(
  day: string,
  { start, stop, dayOf }: { start: number; stop: number; dayOf: (at: number) => string },
): number {
  const edge = (isInside: (at: number) => boolean) => {
    let [low, high] = [start, stop];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (isInside(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return (edge((at) => dayOf(at) > day) - edge((at) => dayOf(at) >= day)) / (stop - start);
}

Deno.test("GET /ocpp/energy/ agrees with a plain sum of the transactions, in any zone, also after corrections", async () => {
  const sample = fc.array(anySession, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      sample,
      fc.constantFrom(...ZONES),
      fc.constantFrom(...ZONES),
      async (sessions, ...zones) => {
        await using site = await startTestGateway({ now: () => NOW });
        for (const [rfid, label] of Object.entries(LABELS)) {
          await site.rest("POST", "/ocpp/rfids/", {
            rfid,
            label,
          });
        }
        await make(sessions, site);
        for (const zone of zones) await compare(site, zone);
      },
    ),
    { numRuns: 8 },
  );
});

async function withSessions(): Promise<TestGateway> {
  const site = await startTestGateway({
    now: () => NOW,
    settings: { time_zone: "Europe/Madrid", name: "Depot" },
  });
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", name: "North" });
  await site.rest("POST", "/ocpp/rfids/", { rfid: "AAAA1111", label: "=Ana <b>" });
  const { transactions } = site.gateway.services.store;
  const add = (start: number, more: Partial<Transaction>) =>
    transactions.add(
      transactionWith({ transaction_id: transactions.nextId(), start_time: iso(start), ...more }),
    );
  await add(Date.UTC(2026, 2, 29, 21, 30), { id_tag: "AAAA1111", flags: ["no-stop"] }); // 23:30, on a day of 23 hours
  await add(Date.UTC(2026, 2, 31, 21, 59, 59, 999), {
    id_tag: "BBBB2222",
    stop_time: iso(Date.UTC(2026, 3, 1)),
  });
  await add(Date.UTC(2026, 2, 10), { simulated: true, charger_id: "SIM" });
  return site;
}

Deno.test("GET /ocpp/energy/ has days of 23 hours whole, and the last millisecond of a month", async () => {
  await using site = await withSessions();
  const day = (await site.rest("GET", "/ocpp/energy/?from=2026-03-29&to=2026-03-30&by=hour")).body;
  assertEquals([day.from, day.to, day.time_zone], [
    "2026-03-28T23:00:00.000Z",
    "2026-03-29T22:00:00.000Z",
    "Europe/Madrid",
  ]);
  assertEquals(day.rows.map(({ label, energy_wh, sessions }: Row) => [label, energy_wh, sessions]), [
    ["2026-03-29T23:00+02:00", 3500, 1],
  ]);
  const { totals } = (await site.rest("GET", "/ocpp/energy/?from=2026-03&to=2026-04")).body;
  assertEquals([totals.sessions, totals.doubtful_sessions, totals.flags], [2, 1, { "no-stop": 1 }]);
  assertEquals(totals.peak_power_w, 7000);
});

Deno.test("GET /ocpp/report/ prints and exports the same figures, with names, remarks and the zone", async () => {
  await using site = await withSessions();
  const path = "/ocpp/report/?month=2026-03&group=holder";
  const { rows, totals, time_zone, month } = (await site.rest("GET", path)).body;
  assertEquals([month, time_zone, rows.length, totals.sessions], ["2026-03", "Europe/Madrid", 2, 2]);
  assertEquals([rows[0]!.holder, rows[0]!.energy_wh, rows[0]!.flags], ["=Ana <b>", 7000, { "no-stop": 1 }]);
  const csv = await (await asText(site, `${path}&format=csv`)).text();
  assertStringIncludes(csv, `'=Ana <b>,,7000,1,`);
  assertStringIncludes(csv, "no-stop:1");
  const html = await asText(site, `${path}&format=html&lang=en`);
  const page = await html.text();
  for (const text of ["=Ana &lt;b>", "7.000", "March 2026", "Europe/Madrid", "Depot", "BBBB2222"]) {
    assertStringIncludes(page, text);
  }
  assertStringIncludes(html.headers.get("content-security-policy")!, "default-src 'none'");
  const xlsx = await asText(site, `${path}&format=xlsx&lang=es`);
  assertEquals(new Uint8Array(await xlsx.arrayBuffer()).slice(0, 2), new TextEncoder().encode("PK"));
  const byCharger = (await site.rest("GET", "/ocpp/report/?month=2026-03&group=charger")).body.rows;
  assertEquals(byCharger.map(({ charger_id, name }: Row) => [charger_id, name]), [["CP1", "North"]]);
});

/** A row of an answer. */
// deno-lint-ignore no-explicit-any
type Row = Record<string, any>;

async function asText(site: TestGateway, path: string): Promise<Response> {
  const answer = await fetch(site.url + path, {
    headers: { authorization: `Basic ${btoa("admin:correct horse battery")}` },
  });
  assertEquals(answer.status, 200);
  return answer;
}

Deno.test("GET /ocpp/energy/ refuses what it cannot answer, and masks tags for viewers", async () => {
  await using site = await withSessions();
  for (
    const query of ["from=yesterday", "from=2026-03&to=2026-02", "by=week", "group=site", "from=2026-13"]
  ) {
    const { status, body } = await site.rest("GET", `/ocpp/energy/?${query}`);
    assertEquals([status, body.code], [400, "invalid_query"], query);
  }
  for (const query of ["month=2026", "month=2026-00", "group=connector"]) {
    assertEquals((await site.rest("GET", `/ocpp/report/?${query}`)).status, 400, query);
  }
  await site.rest("POST", "/ocpp/users/", { name: "vera", role: "viewer", password: "a viewer's own words" });
  const path = "/ocpp/energy/?from=2026-03&to=2026-04&group=tag";
  const login = { authorization: `Basic ${btoa("vera:a viewer's own words")}` };
  const seen = await (await fetch(site.url + path, { headers: login })).text();
  assert(!seen.includes("BBBB2222") && seen.includes("***22-"), seen);
  const mask =
    JSON.parse(seen).rows.find(({ id_tag }: { id_tag: string }) => id_tag.startsWith("***22-")).id_tag;
  const own = await fetch(`${site.url}${path}&id_tag=${encodeURIComponent(mask)}`, { headers: login });
  assertEquals((await own.json()).rows.length, 0); // the tag is not in the RFID table
});

Deno.test("GET /ocpp/energy/ has a running session after a restart as before it", async () => {
  const data_dir = await Deno.makeTempDir();
  const config = { data_dir, kv: `${data_dir}/gateway.db` };
  const path = "/ocpp/energy/?group=charger&by=hour&from=2026-04-01&to=2026-04-12";
  let now = Date.UTC(2026, 3, 5, 10);
  const start = async () =>
    await startTestGateway({ config, now: () => now, settings: { time_zone: "UTC" } });
  let before: unknown;
  {
    await using site = await start();
    await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
    await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    const started = { connectorId: 1, idTag: "T", meterStart: 0, timestamp: iso(now) };
    const [, , { transactionId }] = await client.call("StartTransaction", started);
    for (const value of [1000, 4000, 9000]) {
      now += HOUR / 2;
      const meterValue = [{ timestamp: iso(now), sampledValue: [{ value: String(value) }] }];
      await client.call("MeterValues", { connectorId: 1, transactionId, meterValue });
    }
    before = (await site.rest("GET", path)).body.rows;
    await site.gateway.services.store.readings.compact();
  }
  await using site = await start();
  const { rows } = (await site.rest("GET", path)).body;
  assertEquals(rows, before as typeof rows);
  assertEquals(rows.map(({ label, energy_wh }: Row) => [label, energy_wh]), [
    ["2026-04-05T10:00+00:00", 4000],
    ["2026-04-05T11:00+00:00", 5000],
  ]);
  await Deno.remove(data_dir, { recursive: true });
});
