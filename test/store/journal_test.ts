import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { RawSampledValue } from "../../src/store/readings/sample.ts";
import { Dictionary } from "../../src/store/readings/dictionary.ts";
import {
  ChargerMemtable,
  Journal,
  journalValues,
  type Row,
  rowsIn,
  textOf,
} from "../../src/store/readings/journal.ts";
import { CONTINUED, joined, messageOf, type MeterMessage } from "../../src/store/readings/record_codec.ts";
import { keysOf } from "../../src/store/tables.ts";
import { Memtable } from "../../src/store/readings/memtable.ts";
import { message, NINE, upTo } from "./temporary_store.ts";

const keys = keysOf("site1");

/** Returns the messages read from rows written as journal values. */
function stored(journal: Journal, rows: Row[]): MeterMessage[] {
  const memtable = new Memtable();
  for (const { key, value } of journalValues(rows, keys.journal)) {
    memtable.load(Number(key.at(-1)), value!, () => false);
  }
  const back: MeterMessage[] = [];
  for (const row of memtable.inOrder()) {
    const part = messageOf(row.charger.charger_id, journal.read(row));
    if (row.flags & CONTINUED) back.push(joined(back.pop()!, part, row.flags));
    else back.push(part);
  }
  return back;
}

function rowsOf(journal: Journal, messages: MeterMessage[]): Row[] {
  const memtable = new Memtable();
  return messages.flatMap((one) => journal.rowsOf(one, memtable.charger(one.charger_id)));
}

function newJournal(): Journal {
  return new Journal(new Dictionary(keys));
}

const text = fc.oneof(
  fc.constantFrom("", "230.5", "Wh", "Voltage", '"', "\t", "a\tb\n", "é", "OCMF|{}"),
  fc.string(),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((codes) =>
    String.fromCharCode(...codes)
  ),
);
const sample = fc.record({
  value: text,
  context: text,
  format: text,
  measurand: text,
  phase: text,
  location: text,
  unit: text,
}, { requiredKeys: ["value"] }) as fc.Arbitrary<RawSampledValue>;
const time = fc.integer({ min: NINE - 1e10, max: NINE + 1e10 });
const timestamp = fc.oneof(
  { weight: 3, arbitrary: fc.constant("iso") },
  { weight: 3, arbitrary: fc.constant("seconds") },
  fc.constantFrom(
    "absent",
    "2024-07-25T09:60:00Z",
    "2024-07-25T09:00:00.00Z",
    "2024-07-25 09:00:00",
    "24:00",
  ),
  text,
);
const meterValue = fc.record({ at: time, timestamp, sampledValue: fc.array(sample, { maxLength: 5 }) }).map((
  { at, timestamp, sampledValue },
) => ({ at: timestamp === "seconds" ? Math.floor(at / 1000) * 1000 : at, timestamp, sampledValue }));
const anyMessage = fc.record({
  charger_id: fc.oneof(fc.constantFrom("CP1", "CP2"), text),
  connector_id: fc.integer({ min: 0, max: 1e6 }),
  transaction_id: fc.option(fc.integer()),
  received: time,
  meter_values: fc.array(meterValue, { maxLength: 4 }),
  last: fc.boolean(),
  request_transaction_id: fc.oneof(fc.integer(), fc.constantFrom(null, 2 ** 63)),
}, { requiredKeys: ["charger_id", "connector_id", "transaction_id", "received", "meter_values", "last"] })
  .map(({ meter_values, ...rest }) => ({
    ...rest,
    at: meter_values.map(({ at }) => at),
    meter_value: meter_values.map(({ at, timestamp, sampledValue }) => stamped(at, timestamp, sampledValue)),
  })) as fc.Arbitrary<MeterMessage>;

function stamped(at: number, timestamp: string, sampledValue: RawSampledValue[]): object {
  if (timestamp === "absent") return { sampledValue };
  const iso = new Date(at).toISOString();
  if (timestamp === "iso") return { timestamp: iso, sampledValue };
  return { timestamp: timestamp === "seconds" ? `${iso.slice(0, 19)}Z` : timestamp, sampledValue };
}

Deno.test("Journal brings every message back as it was received", () => {
  fc.assert(fc.property(fc.array(anyMessage, { maxLength: 10 }), (messages) => {
    const journal = newJournal();
    assertEquals(stored(journal, rowsOf(journal, messages)), messages);
  }));
});

Deno.test("Journal tells a usual message in about 70 bytes", () => {
  const journal = newJournal();
  const six = upTo(6).map((index) => ({ value: `${230 + index}.5`, measurand: `M${index}`, unit: "V" }));
  const messages = upTo(20).map((minute) => {
    const usual = message({ minute, energy: 1, charger_id: "CP00001", transaction_id: 1234 });
    return { ...usual, meter_value: [{ ...usual.meter_value[0]!, sampledValue: six }] };
  });
  const [value] = journalValues(rowsOf(journal, messages), keys.journal);
  assert(value!.value!.length < 70 * 20, `${value!.value!.length} bytes`);
});

Deno.test("Journal writes ISO times as numbers, with and without milliseconds", () => {
  const journal = newJournal();
  const lineWith = (timestamp: string) => {
    const [row] = rowsOf(journal, [{
      ...message({ minute: 0, energy: 1 }),
      meter_value: [{ timestamp, sampledValue: [] }],
    }]);
    return textOf(row!);
  };
  assert(!lineWith("2024-07-25T09:00:00.000Z").includes("2024"));
  assert(!lineWith("2024-07-25T09:00:00Z").includes("2024"));
  assert(lineWith("2024-07-25T11:00:00+02:00").includes('"2024-07-25T11:00:00+02:00"'));
});

Deno.test("Journal splits a message of a megabyte into values that the database takes", () => {
  const journal = newJournal();
  const long = message({ minute: 0, energy: 1 });
  const sampledValue = upTo(15_000).map((index) => ({
    value: String(index),
    context: `Other ${index % 50}`,
  }));
  const many = upTo(500).map((index) => ({
    timestamp: `t${index}`,
    sampledValue: [{ value: "x".repeat(900) }],
  }));
  long.meter_value = [{ timestamp: "now", sampledValue }, ...many];
  long.at = long.meter_value.map(() => NINE);
  const rows = rowsOf(journal, [long, message({ minute: 1, energy: 2 })]);
  const values = journalValues(rows, keys.journal);
  assert(values.every(({ value }) => value!.length <= 65_536));
  assertEquals(rows.map(({ n }) => n), upTo(rows.length).map((index) => index + 1));
  assertEquals(stored(journal, rows), [long, message({ minute: 1, energy: 2 })]);
});

Deno.test("Journal refuses a sampled value that no chunk can hold, and goes on", () => {
  const journal = newJournal();
  const long = message({ minute: 0, energy: "é".repeat(20_000) });
  const charger = new ChargerMemtable("CP1");
  assertThrows(() => journal.rowsOf(long, charger), TypeError, "Cannot store a sampled value of");
  assertEquals(journal.sequence, 0);
  const good = message({ minute: 1, energy: "x".repeat(44_000) });
  assertEquals(stored(journal, journal.rowsOf(good, charger)), [good]);
});

Deno.test("Dictionary stays within its bounds, and nothing is lost beyond them", () => {
  const dictionary = new Dictionary(keys);
  const journal = new Journal(dictionary);
  const hostile = upTo(6_000).map((minute) => {
    const one = message({ minute, energy: 1 });
    one.meter_value[0]!.sampledValue[0]!.location = `L${minute}`;
    return one;
  });
  hostile[3]!.meter_value[0]!.sampledValue[0]!.location = "x".repeat(51);
  const rows = rowsOf(journal, hostile);
  assertEquals(stored(journal, rows), hostile);
  assertEquals(dictionary.size.series, 4_096);
  const shapes = upTo(20_000).map((index) => {
    const one = message({ minute: 0, energy: 1 });
    one.meter_value[0]!.sampledValue = upTo(15).map((bit) => ({
      value: "1",
      context: index >> bit & 1 ? "L1" : "L2",
    }));
    return one;
  });
  const second = new Dictionary(keys);
  const more = new Journal(second);
  assertEquals(stored(more, rowsOf(more, shapes)), shapes);
  assertEquals(second.size.shapes, 16_384);
});

Deno.test("Dictionary keeps shapes of many samples out", () => {
  const dictionary = new Dictionary(keys);
  const shape = dictionary.shapeOf(upTo(65).map(() => ({ value: "1" })), []);
  assertEquals([shape.number, dictionary.size.shapes, dictionary.size.series], [-1, 0, 1]);
});

Deno.test("rowsIn reads the records around a damaged one in a value without checksum", () => {
  const journal = newJournal();
  const messages = upTo(3).map((minute) => message({ minute, energy: minute }));
  const [value] = journalValues(rowsOf(journal, messages), keys.journal);
  const lines = new TextDecoder().decode(value!.value!).split("\n");
  lines[0] = lines[0]!.split(" ").slice(0, 2).join(" ");
  lines[2] = "rubbish";
  const rows = rowsIn(new TextEncoder().encode(lines.join("\n")), 1, (field) => new ChargerMemtable(field));
  assertEquals(rows.map(({ n }) => n), [1, 2, 3]);
  assertEquals(journal.read(rows[2]!).received, messages[2]!.received);
  assertThrows(() => journal.read(rows[1]!));
});
