// Arbitrary and damaged frames against a running gateway: no crash, only valid answers, and other chargers are served.
import { assert, assertEquals, assertLess, fail } from "@std/assert";
import fc from "fast-check";
import { Bystander } from "../conformance/bystander.ts";
import { frameOf } from "../kit/raw_socket.ts";
import { Site } from "../kit/site.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { COMMAND_EXAMPLES, FROM_CHARGER_EXAMPLES } from "./examples.ts";
import { damaged, damagedText, junk } from "./mutations.ts";
import { FuzzWire } from "./wire.ts";

/** Duration of each property test, ms; set by `FUZZ_SECONDS`. */
const LIMIT = Number(Deno.env.get("FUZZ_SECONDS") ?? 3) * 1000;
/** The number of frames of each property test, in place of a duration; set by `FUZZ_FRAMES`. */
const FRAMES = Number(Deno.env.get("FUZZ_FRAMES") ?? 0);
const RUNS = FRAMES > 0
  ? { numRuns: FRAMES }
  : { numRuns: 1_000_000, interruptAfterTimeLimit: LIMIT, markInterruptAsFailure: false };
/** The fuzzer sends as fast as it can, from one address. */
const UNLIMITED = { max_takeovers_per_minute: 1_000_000, max_bytes_per_second: 1_073_741_824 };
const MAX_GROWTH = 300 * 1024 * 1024;

const action = fc.constantFrom(...Object.keys(FROM_CHARGER_EXAMPLES));
const payload = (name: string) => FROM_CHARGER_EXAMPLES[name];

/** Fuzzes a gateway, while another charger must be served, memory must stay bounded, and no internal error may be logged. */
async function fuzz(run: (site: TestGateway) => Promise<void>): Promise<void> {
  const log_lines: string[] = [];
  await using test = await startTestGateway({ log_lines, settings: UNLIMITED });
  await test.rest("POST", "/ocpp/chargers/", { charger_id: "FUZZ" }); // it may never boot
  const bystander = await Bystander.start(new Site(test));
  const { rss } = Deno.memoryUsage();
  const faults: string[] = [];
  const push = log_lines.push.bind(log_lines);
  log_lines.push = (line) => / error /.test(line) ? faults.push(line) : 0;
  try {
    await run(test);
  } finally {
    log_lines.push = push;
    await bystander.check();
  }
  assertEquals(faults, []);
  assertLess(Deno.memoryUsage().rss - rss, MAX_GROWTH);
  assertEquals(({} as Record<string, unknown>).polluted, undefined);
  for (
    const path of [
      "chargers/",
      "chargers/FUZZ/",
      "transactions/",
      "chargers/FUZZ/readings/",
      "security_events/",
      "rfids/",
    ]
  ) {
    assertEquals((await test.rest("GET", `/ocpp/${path}`)).status, 200, path);
  }
}

Deno.test("Damaged payloads of every action get one valid answer each", async () => {
  await fuzz(async ({ ws_url }) => {
    await using wire = new FuzzWire(ws_url, "FUZZ");
    for (const [name, example] of Object.entries(FROM_CHARGER_EXAMPLES)) {
      await wire.sendText(JSON.stringify([2, "good", name, example]));
    }
    const frames = action.chain((name) =>
      damaged(payload(name)).map((value) => JSON.stringify([2, "good", name, value]))
    );
    await fc.assert(fc.asyncProperty(frames, (text) => wire.sendText(text)), RUNS);
  });
});

Deno.test("Damaged frames and texts that are no frames break nothing", async () => {
  await fuzz(async ({ ws_url }) => {
    await using wire = new FuzzWire(ws_url, "FUZZ");
    const texts = fc.oneof(
      action.chain((name) => damagedText(name, payload(name))),
      fc.string({ unit: "binary", maxLength: 200 }),
      junk.map((value) => JSON.stringify(value) ?? ""),
    );
    await fc.assert(fc.asyncProperty(texts, (text) => wire.sendText(text)), RUNS);
  });
});

Deno.test("Binary frames, bytes that are no UTF-8, and characters split over frames", async () => {
  const runs = { ...RUNS, interruptAfterTimeLimit: LIMIT / 2 };
  await fuzz(async ({ ws_url }) => {
    await using wire = new FuzzWire(ws_url, "FUZZ");
    const bytes = fc.uint8Array({ maxLength: 300 });
    const splits = fc.tuple(fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }), fc.nat());
    await fc.assert(fc.asyncProperty(splits, ([text, at]) => splitFrame(wire, text, at)), runs);
    await fc.assert(fc.asyncProperty(bytes, (data) => wire.sendBinary(data)), runs);
    const bad = bytes.map((data) => frameOf(new Uint8Array([...data, 0xc3])));
    await fc.assert(fc.asyncProperty(bad, (data) => wire.sendBytes(data, { may_close: true })), runs);
  });
});

/** A valid CALL in two fragments, cut anywhere, also within a character. */
async function splitFrame(wire: FuzzWire, text: string, where: number): Promise<void> {
  const call = JSON.stringify([2, "split", "DataTransfer", { vendorId: "V", data: text }]);
  const whole = new TextEncoder().encode(call);
  const cut = where % whole.length;
  const first = frameOf(whole.subarray(0, cut));
  const rest = frameOf(whole.subarray(cut));
  first[0] = 0x01; // text, not the last fragment
  rest[0] = 0x80; // the last fragment
  const client = await wire.client();
  client.sendBytes(first);
  client.sendBytes(rest);
  assertEquals(await client.next(), [3, "split", { status: "UnknownVendorId" }]);
}

Deno.test("Damaged answers to commands: REST says what came of it, and the next command goes out", async () => {
  await fuzz(async ({ ws_url, rest }) => {
    await using wire = new FuzzWire(ws_url, "FUZZ");
    await wire.sendText(JSON.stringify([2, "boot", "BootNotification", payload("BootNotification")]));
    const answers = fc.constantFrom(...Object.keys(COMMAND_EXAMPLES)).chain((name) =>
      fc.oneof(
        damaged(COMMAND_EXAMPLES[name]![1]).map((value) => [3, value]),
        fc.array(junk, { maxLength: 5 }).map((more) => [4, ...more]),
      ).map(([type, ...more]) => ({ name, type, more }))
    );
    const property = fc.asyncProperty(answers, async ({ name, type, more }) => {
      const client = await wire.client();
      const asked = rest("POST", "/ocpp/chargers/FUZZ/action/", {
        action: name,
        payload: COMMAND_EXAMPLES[name]![0],
      });
      const refused = asked.then(({ body }): never => fail(`Refused: ${JSON.stringify(body)}`));
      refused.catch(() => {});
      const [, id] = await Promise.race([client.next(), refused]);
      client.send([type, id, ...more]);
      const { status, body } = await asked;
      assert([200, 502].includes(status), `${status} ${JSON.stringify(body).slice(0, 300)}`);
    });
    await fc.assert(property, RUNS);
  });
});
