// Spreadsheets, as other programs read them.
import { assert, assertEquals } from "@std/assert";
import { type SheetColumn, XLSX, xlsxResponse } from "../../src/http/xlsx.ts";
import { AUTHORIZATION, startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { needs } from "../kit/needs.ts";
import { hasOpenpyxl, readByExceljs, readByOpenpyxl, type ReadCell } from "../kit/spreadsheet.ts";
import { transactionWith } from "../kit/transaction.ts";

const READERS = [
  { program: "exceljs", read: readByExceljs, ignore: false },
  {
    program: "openpyxl",
    read: readByOpenpyxl,
    ...needs("openpyxl (pip install openpyxl; OPENPYXL_PYTHON names another python3)", hasOpenpyxl()),
  },
];

type Row = {
  text: string | null;
  number: number | string | null;
  time: number | string | null;
  day: string | null;
};

const COLUMNS: SheetColumn<Row>[] = [
  { head: "Text", kind: "text", cell: ({ text }) => text },
  { head: "Number", kind: "number", decimals: 3, cell: ({ number }) => number },
  { head: "Time", kind: "time", cell: ({ time }) => time },
  { head: "Day", kind: "date", cell: ({ day }) => day },
];
const HEAD = ["Text", "Number", "Time (Europe/Madrid)", "Day"];

async function fileOf(records: Iterable<Row>): Promise<Uint8Array> {
  const answer = await xlsxResponse("test", { columns: COLUMNS, records, time_zone: "Europe/Madrid" });
  return await answer.bytes();
}

async function sheetOf(site: TestGateway, query: string): Promise<{ answer: Response; file: Uint8Array }> {
  const answer = await fetch(`${site.url}/ocpp/transactions/?format=xlsx&${query}`, {
    headers: AUTHORIZATION,
  });
  return { answer, file: await answer.bytes() };
}

for (const { program, read, ignore } of READERS) {
  Deno.test({
    name: `xlsxResponse writes typed cells, times on the zone's clocks (${program})`,
    ignore,
    async fn() {
      const file = await fileOf([
        { text: "plain", number: 1.5, time: "2026-10-25T00:30:00Z", day: "2026-10-25" },
        { text: "=1+1", number: -0.001, time: Date.parse("2026-10-25T01:30:00Z"), day: "2024-02-29" },
        { text: " <&>\n\"é😀' ", number: 123456789.123, time: "2026-03-29T00:59:59.999Z", day: null },
        { text: null, number: null, time: "2026-03-29T01:00:00Z", day: null },
        { text: "a\x00\x1b\ud800b\uffff", number: "n/a", time: "later", day: null },
        { text: "1.23E+08", number: 0, time: null, day: null },
      ]);
      const rows: ReadCell[][] = [
        HEAD,
        ["plain", 1.5, { time: "2026-10-25T02:30:00" }, { time: "2026-10-25T00:00:00" }],
        ["=1+1", -0.001, { time: "2026-10-25T02:30:00" }, { time: "2024-02-29T00:00:00" }],
        [" <&>\n\"é😀' ", 123456789.123, { time: "2026-03-29T01:59:59" }, null],
        [null, null, { time: "2026-03-29T03:00:00" }, null],
        ["a\ufffd\ufffd\ufffdb\ufffd", "n/a", "later", null],
        ["1.23E+08", 0, null, null],
      ];
      assertEquals(await read(file), [rows]);
    },
  });

  Deno.test({
    name: `GET /ocpp/transactions/?format=xlsx opens in other programs (${program})`,
    ignore,
    async fn() {
      await using site = await startTestGateway({ settings: { time_zone: "America/Mexico_City" } });
      const { transactions } = site.gateway.services.store;
      await transactions.add(
        transactionWith({ transaction_id: 1, id_tag: "=HYPERLINK(1)", simulated: true, flags: ["clock"] }),
      );
      const open = { state: "active", stop_time: null, stop_reason: null, energy_wh: null } as const;
      await transactions.add(
        transactionWith({ transaction_id: 2, start_time: "2026-03-02T05:59:59.000Z", ...open }),
      );
      const { answer, file } = await sheetOf(site, "lang=es");
      assertEquals(answer.headers.get("content-type"), XLSX);
      assertEquals(answer.headers.get("content-disposition"), 'attachment; filename="sessions.xlsx"');
      const [rows] = await read(file);
      assertEquals(rows![0]!.slice(0, 7), [
        "Núm.",
        "Cargador",
        "Conector",
        "Tarjeta",
        "Inicio (America/Mexico_City)",
        "Fin (America/Mexico_City)",
        "Energía (kWh)",
      ]);
      assertEquals(rows!.slice(1), [
        [2, "CP1", 1, "04A1", { time: "2026-03-01T23:59:59" }, null, null, "Activas", "No", null, null],
        [
          1,
          "CP1",
          1,
          "=HYPERLINK(1)",
          { time: "2026-03-01T02:00:00" },
          { time: "2026-03-01T03:00:00" },
          7,
          "Terminadas",
          "Sí",
          "Local",
          "El reloj del cargador estaba mal; se usan las horas de recepción.",
        ],
      ]);
    },
  });
}

Deno.test("xlsxResponse asks for records only as the file is read", async () => {
  let made = 0;
  function* records(): Generator<Row> {
    for (; made < 200_000; made++) {
      yield { text: `row ${made}`, number: made, time: made * 60_000, day: null };
    }
  }
  const answer = await xlsxResponse("test", {
    columns: COLUMNS,
    records: records(),
    time_zone: "Europe/Madrid",
  });
  const reader = answer.body!.getReader();
  for (let bytes = 0; bytes < 20_000;) bytes += (await reader.read()).value!.length;
  assert(made < 100_000, `${made} of 200,000 records were asked for after 20 kB`);
  await reader.cancel();
  assert(made < 100_000);
});

Deno.test("xlsxResponse ends in an error, not in a short file, when the records do", async () => {
  async function* records(): AsyncGenerator<Row> {
    yield await Promise.resolve({ text: "one", number: 1, time: 0, day: null });
    throw new Error("the disk is gone");
  }
  const answer = await xlsxResponse("test", { columns: COLUMNS, records: records(), time_zone: "UTC" });
  assertEquals(await answer.bytes().then(() => "whole", (error) => error.message), "the disk is gone");
});
