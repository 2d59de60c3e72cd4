// /ocpp/report/statement/: the sessions of one holder, with the report's own sum.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { transactionWith } from "../kit/transaction.ts";

const NOW = Date.UTC(2026, 9, 20, 12);

/** A site in Madrid: Ana has two cards, one session of hers reaches into October from September. */
async function startSite(): Promise<TestGateway> {
  const site = await startTestGateway({ settings: { time_zone: "Europe/Madrid" }, now: () => NOW });
  const cards = [["A1A1A1", "Ana <1>"], ["B2B2B2", "Ana <1>"], ["C3C3C3", "Luis"], ["D4D4D4", ""]] as const;
  for (const [rfid, label] of cards) await site.rest("POST", "/ocpp/rfids/", { rfid, label });
  const { store, sums } = site.gateway.services;
  const add = (id_tag: string, start_time: string, hours: number, energy_wh: number) =>
    store.transactions.add(transactionWith({
      transaction_id: store.transactions.nextId(),
      id_tag,
      start_time,
      stop_time: new Date(Date.parse(start_time) + hours * 3_600_000).toISOString(),
      energy_wh,
    }));
  await add("A1A1A1", "2026-09-30T20:00:00.000Z", 4, 8000); // October begins at 22:00 UTC
  await add("b2b2b2", "2026-10-10T08:00:00.000Z", 2, 5250);
  await add("C3C3C3", "2026-10-10T08:00:00.000Z", 2, 1000);
  await add("D4D4D4", "2026-10-11T08:00:00.000Z", 1, 700);
  await sums.file();
  return site;
}

Deno.test("a holder's statement has the sessions of all cards, and the report's sum to the watt-hour", async () => {
  await using site = await startSite();
  const query = `month=2026-10&holder=${encodeURIComponent("Ana <1>")}`;
  const { status, body } = await site.rest("GET", `/ocpp/report/statement/?${query}`);
  assertEquals(status, 200);
  assertEquals(
    body.sessions.map(({ id_tag, energy_wh }: { id_tag: string; energy_wh: number }) => [id_tag, energy_wh]),
    [["A1A1A1", 4000], ["b2b2b2", 5250]],
  );
  const report = (await site.rest("GET", "/ocpp/report/?month=2026-10&group=holder")).body;
  const row = report.rows.find(({ holder }: { holder: string }) => holder === "Ana <1>");
  assertEquals([body.energy_wh, body.connected_s], [row.energy_wh, row.connected_s]);
  assertEquals([body.energy_wh, body.time_zone, body.id_tag], [9250, "Europe/Madrid", null]);
});

Deno.test("a statement prints as a page without foreign parts, in the reader's language", async () => {
  await using site = await startSite();
  const query = `month=2026-10&holder=${encodeURIComponent("Ana <1>")}&format=html&lang=es`;
  const page = await site.rest("GET", `/ocpp/report/statement/?${query}`);
  const words = ["Ana &lt;1>", "octubre de 2026", "9.250", "30 sep, 22:00", "Europe/Madrid"];
  for (const text of words) assertStringIncludes(page.body, text);
  assert(!/<script|src=|href=/.test(page.body), "it loads nothing");
  assertStringIncludes(page.headers.get("content-security-policy")!, "default-src 'none'");
});

Deno.test("a card without a holder has a statement of its own, and a statement is of somebody", async () => {
  await using site = await startSite();
  const { body } = await site.rest("GET", "/ocpp/report/statement/?month=2026-10&id_tag=d4d4d4");
  assertEquals([body.sessions.length, body.energy_wh, body.id_tag, body.holder], [1, 700, "D4D4D4", ""]);
  assertEquals((await site.rest("GET", "/ocpp/report/statement/?month=2026-10")).status, 400);
  assertEquals((await site.rest("GET", "/ocpp/report/statement/?month=soon&holder=Ana")).status, 400);
  const nobody = await site.rest("GET", "/ocpp/report/statement/?holder=Nobody");
  assertEquals([nobody.status, nobody.body.sessions], [200, []]);
});
