import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { readFrame } from "../../src/ocpp/frame.ts";
import { FrameTemplates, RecentTemplates } from "../../src/ocpp/frame_template.ts";
import { checkerOf } from "../../src/ocpp/schema.ts";
import { gaps, request } from "../../src/v16/meter_values.ts";

const RUNS = Number(Deno.env.get("FUZZ_FRAMES") ?? 20_000);
const checker = checkerOf(request);

function sample(value: string, more: object = {}) {
  return { value, measurand: "Current.Import", unit: "A", ...more };
}

function payloadOf(
  values: string[],
  { connectorId = 1, transactionId = 7, time = "2026-03-01T08:00:00Z" } = {},
) {
  return {
    connectorId,
    transactionId,
    meterValue: [{ timestamp: time, sampledValue: values.map((value) => sample(value)) }],
  };
}

function textOf(id: string, payload: unknown): string {
  return JSON.stringify([2, id, "MeterValues", payload]);
}

Deno.test("FrameTemplate.read returns the CALL that readFrame returns, anew each time", () => {
  const template = new FrameTemplates().of(textOf("a", payloadOf(["1.0", "2"])), gaps)!;
  const text = textOf(
    "b-2",
    payloadOf(["13.25", "-0"], { connectorId: 12, time: "2026-03-02T09:10:11.120Z" }),
  );
  const read = template.read(text)!;
  assertEquals(read, { ...readFrame(text) as typeof read, valid: true });
  assert(template.read(text)!.payload !== read.payload);
  assertEquals(Object.keys(read.payload as object), ["connectorId", "transactionId", "meterValue"]);
});

Deno.test("FrameTemplate.read leaves to the usual way whatever differs in more than its words", () => {
  const template = new FrameTemplates().of(textOf("a", payloadOf(["1.0", "2"])), gaps)!;
  const good = textOf("a", payloadOf(["1.0", "2"]));
  const odd = [
    textOf("a", payloadOf(["1.0"])),
    textOf("a", payloadOf(["1.0", "2", "3"])),
    textOf("a", payloadOf(["1.0", ""])),
    textOf("a", payloadOf(["1.0", "ü"])),
    textOf("a", payloadOf(["1.0", '"'])),
    textOf("a", payloadOf(["1.0", "2"], { connectorId: -1 })),
    textOf("a", payloadOf(["1.0", "2"], { transactionId: 1.5 })),
    textOf("a", payloadOf(["1.0", "2"], { transactionId: 12345678901 })),
    textOf("a", payloadOf(["1.0", "2"], { time: "2026-03-32T08:00:00Z" })),
    textOf("a", payloadOf(["1.0", "2"], { time: "yesterday" })),
    textOf("", payloadOf(["1.0", "2"])),
    good.replace('"connectorId":1', '"connectorId":01'),
    good.replace('"1.0"', "1.0"),
    good.replace(",", ", "),
    good.slice(0, -1),
    good + "]",
    good + " ",
    "",
  ];
  for (const text of odd) assertEquals(template.read(text), null, text);
});

Deno.test("FrameTemplates.of makes one template for chargers that write the same, and none of text it could not write itself", () => {
  const templates = new FrameTemplates();
  const one = templates.of(textOf("a", payloadOf(["1.0"])), gaps);
  assert(one !== null);
  assertStrictEquals(templates.of(textOf("b", payloadOf(["2.0"], { connectorId: 4 })), gaps), one);
  const text = textOf("a", payloadOf(["1.0"]));
  for (
    const odd of [
      text.replace(":", ": "),
      text.replace("2026", "\\u0032026"),
      text.replace('"a"', "1"),
      `\0${text}`,
    ]
  ) {
    assertEquals(templates.of(odd, gaps), null, odd);
  }
  const marks = payloadOf(["1.0"]);
  Object.assign(marks.meterValue[0]!.sampledValue[0]!, { unit: "\x001\x00" });
  assertEquals(templates.of(textOf("a", marks), gaps), null);
});

Deno.test("RecentTemplates.learn is called ever more rarely to no avail, and reads by the two newest templates", () => {
  const templates = new RecentTemplates(new FrameTemplates());
  const [one, two] = [textOf("a", payloadOf(["1"])), textOf("a", payloadOf(["1", "2"]))];
  templates.learn(one, gaps);
  templates.learn(two, gaps); // too soon after the first
  assertEquals(templates.read(two), null);
  templates.learn(two, gaps);
  assert(templates.read(one) && templates.read(two));
});

/** A text of MeterValues, changed at some places. */
const texts = fc.tuple(
  fc.record({
    id: fc.string({ maxLength: 40 }),
    connectorId: fc.oneof({ weight: 9, arbitrary: fc.nat(99) }, fc.double()),
    transactionId: fc.oneof(fc.integer(), fc.nat(999_999_999)),
    timestamp: fc.oneof(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) =>
        date.toISOString()
      ),
      fc.string(),
    ),
    values: fc.array(
      fc.oneof(fc.double().map(String), fc.string({ unit: "binary" }), fc.constantFrom("230.1", "0", "-1.5")),
      {
        minLength: 2,
        maxLength: 2,
      },
    ),
  }),
  fc.array(
    fc.tuple(fc.nat(), fc.constantFrom("", '"', "\\", "0", "9", " ", "}", "]", ",", "\0", "é", "-", ".")),
    { maxLength: 3 },
  ),
).map(([{ id, connectorId, transactionId, timestamp, values }, changes]) => {
  let text = textOf(id, {
    connectorId,
    transactionId,
    meterValue: [{ timestamp, sampledValue: values.map((value) => sample(value)) }],
  });
  for (const [at, word] of changes) {
    const place = at % text.length;
    text = text.slice(0, place) + word + text.slice(place + at % 2);
  }
  return text;
});

Deno.test("FrameTemplate.read agrees with readFrame and the schema on any text", () => {
  const template = new FrameTemplates().of(textOf("a", payloadOf(["1.0", "2"])), gaps)!;
  let fitted = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const fast = template.read(text);
      if (fast === null) return;
      fitted++;
      assertEquals(fast, { ...readFrame(text)!, valid: true } as typeof fast);
      assert(checker.check(fast.payload), text);
    }),
    { numRuns: RUNS },
  );
  assert(fitted > RUNS / 50, `only ${fitted} texts fitted`);
});
