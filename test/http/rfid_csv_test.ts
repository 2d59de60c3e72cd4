// The RFID table by way of spreadsheets.
import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { decodeText, parseCsv } from "../../src/http/parse_csv.ts";
import { orderIn, orderOf, readWrittenTime } from "../../src/http/written_time.ts";
import { eventually } from "../kit/eventually.ts";
import { AUTHORIZATION, startTestGateway, type TestGateway } from "../kit/gateway.ts";
import type { Json } from "../kit/site.ts";

/** A spreadsheet program's way to write a table. */
interface Program {
  separator: string;
  line_end: string;
  yes: string;
  no: string;
  encoding: "utf-8" | "bom" | "utf-16le" | "latin-1";
  /** Quotes every cell, not only those that need it. */
  quotes: boolean;
}

const BOOLEANS = [["true", "false"], ["TRUE", "FALSE"], ["VERDADERO", "FALSO"], ["WAHR", "FALSCH"], [
  "VRAI",
  "FAUX",
]];

const programs: fc.Arbitrary<Program> = fc.record({
  separator: fc.constantFrom(",", ";", "\t"),
  line_end: fc.constantFrom("\r\n", "\n", "\r"),
  booleans: fc.constantFrom(...BOOLEANS),
  encoding: fc.constantFrom("utf-8", "bom", "utf-16le", "latin-1"),
  quotes: fc.boolean(),
}).map(({ booleans, ...program }) => ({ ...program, yes: booleans[0]!, no: booleans[1]! }) as Program);

const tags = fc.oneof(
  fc.stringMatching(/^[0-9A-F]{8,20}$/),
  fc.stringMatching(/^'?[=+@,;"'0-9E.-]{1,9}$/),
  fc.stringMatching(/^\d{1,3}E\+?\d{1,3}$/),
);
const labels = fc.oneof(
  fc.stringMatching(/^['=+@\t\r\n ,;"-]{0,3}[a-zñé 0-9]{0,8}[ "\r\n]{0,2}$/),
  fc.string({ unit: fc.constantFrom(..."aé\u00df,;\"' =\t\n\r") }),
);
const tables = fc.uniqueArray(
  fc.record({
    rfid: tags,
    allowed: fc.boolean(),
    label: labels,
    expires_at: fc.option(
      fc.date({ min: new Date(0), max: new Date("2099-12-31"), noInvalidDate: true }).map((at) =>
        at.toISOString()
      ),
    ),
    parent_id_tag: fc.option(tags),
  }),
  { selector: ({ rfid }) => rfid.toUpperCase(), maxLength: 6 },
);

/** Writes a table anew, as a program does that has read it by RFC 4180. */
function resaved(
  csv: string,
  { separator, line_end, yes, no, encoding, quotes }: Program,
): Uint8Array<ArrayBuffer> {
  const rows = rfc4180(csv.replace(/^\ufeff/, ""));
  const text = rows.map((row, line) =>
    row.map((cell, column) => {
      const written = line > 0 && column === 1 ? (cell === "true" ? yes : no) : cell;
      const quoted = quotes || /[",;\t\r\n]|^\s|\s$/.test(written);
      return quoted ? `"${written.replaceAll('"', '""')}"` : written;
    }).join(separator)
  ).join(line_end);
  if (encoding === "utf-16le") return new Uint8Array(new Uint16Array([0xfeff, ...units(text)]).buffer);
  if (encoding === "latin-1") return new Uint8Array(units(text));
  return new TextEncoder().encode((encoding === "bom" ? "\ufeff" : "") + text);
}

function units(text: string): number[] {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

/** Another reading of RFC 4180 than the gateway's, by one regular expression. */
function rfc4180(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

async function load(
  site: TestGateway,
  file: string | Uint8Array<ArrayBuffer>,
  { language = "", query = "" } = {},
): Promise<{ status: number; body: Json }> {
  const headers = {
    ...AUTHORIZATION,
    "content-type": "text/csv",
    ...(language ? { "accept-language": language } : {}),
  };
  const answer = await fetch(`${site.url}/ocpp/rfids/${query}`, { method: "POST", headers, body: file });
  return { status: answer.status, body: await answer.json() };
}

async function all(site: TestGateway): Promise<Json[]> {
  return (await site.rest("GET", "/ocpp/rfids/?limit=1000")).body.rfids;
}

async function deleteAll(site: TestGateway): Promise<void> {
  const { rfids } = site.gateway.services.store;
  for (const { rfid } of rfids.all()) await rfids.delete(rfid.toUpperCase());
}

const BARE = { last_seen: null, last_charger_id: null };

Deno.test("the RFID table survives its own round trip, through any spreadsheet", async () => {
  await using site = await startTestGateway({ settings: { time_zone: "Europe/Madrid" } });
  const { rfids } = site.gateway.services.store;
  const property = fc.asyncProperty(tables, programs, async (table, program) => {
    await deleteAll(site);
    await Promise.all(table.map((one) => rfids.put({ ...one, ...BARE })));
    const before = await all(site);
    const csv = await (await fetch(`${site.url}/ocpp/rfids/?format=csv`, { headers: AUTHORIZATION })).bytes();
    const file = resaved(new TextDecoder().decode(csv), program);
    const unchanged = await load(site, file);
    assertEquals([unchanged.status, unchanged.body.unchanged, unchanged.body.remarks], [
      200,
      table.length,
      [],
    ], JSON.stringify(unchanged.body));
    await deleteAll(site);
    assertEquals((await load(site, file)).body.created, table.length);
    assertEquals(await all(site), before);
  });
  await fc.assert(property, { numRuns: 150 });
});

Deno.test("a table's encoding is told by its bytes: UTF-8 with and without BOM, UTF-16, Windows-1252", () => {
  const text = "rfid,label\nA1,Núñez – €";
  const windows = new Uint8Array(units(text.replace("–", "\x96").replace("€", "\x80")));
  assertEquals(decodeText(windows), text);
  assertEquals(decodeText(new TextEncoder().encode(text)), text);
  assertEquals(decodeText(new TextEncoder().encode(`\ufeff${text}`)), text);
  assertEquals(decodeText(new Uint8Array(new Uint16Array([0xfeff, ...units(text)]).buffer)), text);
});

Deno.test("parseCsv reads quotes, separators and line ends as RFC 4180 has them", () => {
  const cellsOf = (text: string) => parseCsv(text).map(({ cells }) => cells);
  assertEquals(cellsOf('a,"b ""x"", y"\r\n"1\n2",3\n\n'), [["a", 'b "x", y'], ["1\n2", "3"]]);
  assertEquals(cellsOf('\ufeffrfid,label\r"A""1", x \r\r'), [["rfid", "label"], ['A"1', "x"]]);
  assertEquals(cellsOf("a,b,\n,,\n1,2"), [["a", "b", ""], ["1", "2"]]);
  assertEquals(cellsOf('sep=;\r\nrfid;label\r\nA1; "x;y" \r\n'), [["rfid", "label"], ["A1", "x;y"]]);
  assertEquals(cellsOf('rfid\tlabel\nA1\t" x, y"\n'), [["rfid", "label"], ["A1", " x, y"]]);
  assertEquals(cellsOf('a,"not closed\n'), [["a", "not closed\n"]]);
  assertEquals(parseCsv('rfid,label\nA1,"two\nlines"\nA2,x').map(({ line }) => line), [1, 2, 4]);
});

Deno.test("readWrittenTime reads times in the zone; a day is valid to its end", () => {
  const read = (text: string, order: "dmy" | "mdy" | null = null) =>
    readWrittenTime(text, "Europe/Madrid", order);
  assertEquals(read("2027-03-28T10:00:00.000Z"), "2027-03-28T10:00:00.000Z");
  assertEquals(read("2027-12-31"), "2027-12-31T23:00:00.000Z");
  assertEquals(read("2027-03-27"), "2027-03-27T23:00:00.000Z");
  assertEquals(read("2027-03-28"), "2027-03-28T22:00:00.000Z"); // a day of 23 hours
  assertEquals(read("31.12.2027"), "2027-12-31T23:00:00.000Z");
  assertEquals(read("31/12/27 18:30", null), "2027-12-31T17:30:00.000Z");
  assertEquals(read("12/31/2027 6:30 PM", "mdy"), "2027-12-31T17:30:00.000Z");
  assertEquals(read("3/4/2027 0:00", "dmy"), "2027-04-02T22:00:00.000Z");
  assertEquals(read("3/4/2027 12:00 a. m.", "mdy"), "2027-03-03T23:00:00.000Z");
  assertEquals([read("31/02/2027"), read("2027-12-31 25:00"), read("soon"), read("46387")], [
    null,
    null,
    null,
    null,
  ]);
  assertEquals([orderOf("es-MX"), orderOf("en-US"), orderOf("de"), orderOf("*")], [
    "dmy",
    "mdy",
    "dmy",
    null,
  ]);
  assertEquals([
    orderIn(["1/2/2027", "13/2/2027"]),
    orderIn(["1/13/27"]),
    orderIn(["1/2/27"]),
    orderIn(["13/1/27", "1/13/27"]),
  ], [
    "dmy",
    "mdy",
    null,
    null,
  ]);
});

Deno.test("a date with two meanings is read by the sender's language, or refused", async () => {
  await using site = await startTestGateway({ settings: { time_zone: "UTC" } });
  const file = "rfid;expires_at\nA1;03/04/2027\n";
  const { status, body } = await load(site, file, { language: "*" });
  assertEquals([status, body.code], [400, "invalid_csv"]);
  assertEquals(body.error, "Line 2: expires_at 03/04/2027 has two meanings: write it as 2027-12-31");
  await load(site, file, { language: "es-ES,es;q=0.9" });
  assertEquals((await all(site))[0]!.expires_at, "2027-04-04T00:00:00.000Z");
  await load(site, file, { language: "en-US" });
  assertEquals((await all(site))[0]!.expires_at, "2027-03-05T00:00:00.000Z");
  await load(site, "rfid;expires_at\nA1;03/04/2027\nA2;31/12/2027\n", { language: "en-US" });
  assertEquals((await all(site))[0]!.expires_at, "2027-04-04T00:00:00.000Z");
});

Deno.test("a tag that a spreadsheet has shortened is refused, one without its zeros is told", async () => {
  await using site = await startTestGateway();
  await load(site, "rfid\n04123456\n");
  for (const shortened of ["1.23E+08", "1,23457E+19", "5e+10"]) {
    const { status, body } = await load(site, `rfid;allowed\nA1;true\n"${shortened}";true\n`);
    assertEquals(status, 400);
    assertMatch(body.error, /^Line 3: rfid .* was shortened by a spreadsheet: enter the whole tag as text$/);
    assertEquals(body.values.remarks.map(({ code, line }: Json) => [code, line]), [["shortened_tag", 3]]);
  }
  const { status, body } = await load(site, "rfid,colour\n4123456,red\nB1,\nb1,\n");
  assertEquals([status, body.created], [200, 2]);
  assertEquals(body.remarks.map(({ line, code, severity }: Json) => [line, code, severity]), [
    [1, "unknown_column", "warning"],
    [2, "lost_zeros", "warning"],
    [4, "twice", "warning"],
  ]);
});

Deno.test("a preview answers what an import changes, with all errors, and stores and audits nothing", async () => {
  await using site = await startTestGateway();
  await load(site, "rfid,label\nAA11,Ana\nBB22,Luis\n");
  const file = "rfid,label,allowed\naa11,Ana,WAHR\nBB22,Luis,no\nCC33,,\n";
  const { status, body } = await load(site, file, { query: "?preview=true" });
  assertEquals([status, body.created, body.changed, body.unchanged], [200, 1, 1, 1]);
  assertEquals(body.rows, [
    { line: 2, rfid: "aa11", kind: "unchanged", changes: {} },
    { line: 3, rfid: "BB22", kind: "changed", changes: { allowed: false } },
    { line: 4, rfid: "CC33", kind: "created", changes: { label: "" } },
  ]);
  const wrong = `rfid,allowed,expires_at\nA1,maybe,\n${"x".repeat(21)},,\nA3,,someday\n`;
  const errors = await load(site, wrong, { query: "?preview=true" });
  assertEquals([errors.status, errors.body.remarks.map(({ code }: Json) => code)], [200, [
    "flag",
    "invalid",
    "time",
  ]]);
  assertEquals(
    (await load(site, "tag\nA1\n")).body.error,
    "The first line must name the columns, including rfid",
  );
  assertEquals((await all(site)).map(({ rfid, allowed }) => [rfid, allowed]), [["AA11", true], [
    "BB22",
    true,
  ]]);
  let entries: Json[] = [];
  await eventually(async () =>
    (entries = (await site.rest("GET", "/ocpp/audit/?kind=rfid")).body.entries).length > 0
  );
  assertEquals(entries.map(({ action, details }: Json) => [action, details]), [
    ["import", { created: 2, changed: 0, unchanged: 0 }],
  ]);
});

Deno.test("tags that chargers have reported stay undecided when the table comes in again", async () => {
  await using site = await startTestGateway();
  const { rfids } = site.gateway.services.store;
  const seen = { ...BARE, label: "", expires_at: null, parent_id_tag: null, seen_only: true };
  await rfids.put({ rfid: "SEEN1", allowed: false, ...seen });
  await rfids.put({ rfid: "SEEN2", allowed: false, ...seen });
  const csv = (await site.rest("GET", "/ocpp/rfids/?format=csv")).body as string;
  await load(site, csv.replace("SEEN2,false", "SEEN2,true"));
  assertEquals((await all(site)).map(({ rfid, allowed, seen_only }) => [rfid, allowed, seen_only ?? false]), [
    ["SEEN1", false, true],
    ["SEEN2", true, false],
  ]);
});
