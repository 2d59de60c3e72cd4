// The message log read from outside: one charger's messages of an hour, whatever ended the gateway.
import { assert, assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { findBlock } from "../../src/central/log_block.ts";
import { MessageLog } from "../../src/central/message_log.ts";
import { type LogQuery, readLog } from "../../src/central/read_log.ts";
import { SILENT } from "../../src/log.ts";

const START = Date.UTC(2026, 2, 1, 8);
const MINUTE = 60_000;

/** A log in a folder of its own, whose clock the test sets. */
async function testLog(options: { file_bytes?: number; files?: number; directory?: string } = {}) {
  const { file_bytes = 1e6, files = 3 } = options;
  const directory = options.directory ?? await Deno.makeTempDir();
  const clock = { now: START };
  const log = new MessageLog({
    directory,
    file_bytes: () => file_bytes,
    files: () => files,
    log: SILENT,
    now: () => clock.now,
  });
  return {
    log,
    directory,
    clock,
    put: (charger_id: string, id: string) =>
      log.write(log.of(charger_id), "in", `[2,"${id}","Heartbeat",{}]`, true, false),
    /** Ends the block: what is put next is in another one. */
    endBlock: () => log.newest("nobody"),
    [Symbol.asyncDispose]: async () => {
      await log.close();
      await Deno.remove(directory, { recursive: true }).catch(() => {}); // two logs may share it
    },
  };
}

async function idsIn(directory: string, query: LogQuery = {}): Promise<string[]> {
  const lines = await Array.fromAsync(readLog(directory, query));
  return lines.map((line) => JSON.parse(line)).map(({ charger_id, message }) =>
    `${charger_id} ${message[1]}`
  );
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

Deno.test("readLog finds the messages of a charger and of a time among those of others", async () => {
  await using test = await testLog();
  const all: { charger_id: string; id: string; at: number }[] = [];
  for (let n = 0; n < 600; n++) {
    test.clock.now = START + n * MINUTE;
    const charger_id = `CP${n % 7}`;
    test.put(charger_id, String(n));
    all.push({ charger_id, id: String(n), at: test.clock.now });
    if (n % 10 === 9) await test.endBlock();
  }
  await test.log.close();
  for (
    const query of [
      {},
      { charger_id: "CP3" },
      { since: START + 95 * MINUTE, until: START + 155 * MINUTE },
      { charger_id: "CP0", since: START + 300 * MINUTE },
      { charger_id: "CP" },
      { since: START + 600 * MINUTE },
    ] as LogQuery[]
  ) {
    const { charger_id, since = 0, until = Infinity } = query;
    const expected = all.filter((one) =>
      (charger_id === undefined || one.charger_id === charger_id) && one.at >= since && one.at < until
    ).map(({ charger_id, id }) => `${charger_id} ${id}`);
    assertEquals(await idsIn(test.directory, query), expected, JSON.stringify(query));
  }
});

Deno.test("what is left of a block after a kill or a power cut costs no other, and the next start cuts it off", async () => {
  for (const damage of ["cut", "zeros"]) {
    const test = await testLog();
    for (const id of numbered(1, 50)) {
      test.put("CP1", id);
      if (Number(id) % 5 === 0) await test.endBlock();
    }
    await test.log.close();
    const path = `${test.directory}/messages.jsonl.gz`;
    const whole = await Deno.readFile(path);
    const ruined = damage === "cut"
      ? whole.subarray(0, -20)
      : new Uint8Array([...whole, ...new Uint8Array(3000)]);
    await Deno.writeFile(path, ruined);
    const left = numbered(1, damage === "cut" ? 45 : 50).map((id) => `CP1 ${id}`);
    assertEquals(await idsIn(test.directory), left, damage);

    await using again = await testLog({ directory: test.directory });
    again.put("CP1", "51");
    await again.log.close();
    assertEquals(await idsIn(test.directory), [...left, "CP1 51"], damage);
    const text = new TextDecoder().decode(gunzipSync(await Deno.readFile(path)));
    assertEquals(text.split("\n").length - 1, left.length + 1, "zcat reads all of it");
  }
});

Deno.test("a damaged block in the middle of a file is left out, and those behind it are read", async () => {
  await using test = await testLog();
  for (const id of numbered(1, 30)) {
    test.put("CP1", id);
    if (Number(id) % 10 === 0) await test.endBlock();
  }
  await test.log.close();
  const path = `${test.directory}/messages.jsonl.gz`;
  const bytes = await Deno.readFile(path);
  const second = findBlock(bytes, 1);
  for (const at of [second + 3, second + 12, second + 17, second + 60]) {
    const changed = bytes.slice();
    changed[at]! ^= 0xff;
    await Deno.writeFile(path, changed);
    assertEquals(
      await idsIn(test.directory),
      [...numbered(1, 10), ...numbered(21, 30)].map((id) => `CP1 ${id}`),
      `${at}`,
    );
  }
});

Deno.test("files of earlier versions are read before the others, and go as these take their place", async () => {
  const directory = await Deno.makeTempDir();
  const line = (id: number) =>
    `{"at":"2026-02-0${id}T08:00:00.000Z","charger_id":"CP1","direction":"in","message":[2,"${id}","Heartbeat",{}]}\n`;
  await Deno.writeTextFile(`${directory}/messages.1.jsonl`, line(1));
  await Deno.writeTextFile(`${directory}/messages.jsonl`, line(2) + line(3));
  await using test = await testLog({ directory, files: 3, file_bytes: 1 }); // a file each block
  test.put("CP1", "4");
  await test.endBlock();
  assertEquals((await test.log.newest("CP1")).length, 1);
  await test.log.close();
  assertEquals(await idsIn(directory), numbered(1, 4).map((id) => `CP1 ${id}`));
  assertEquals(await idsIn(directory, { since: Date.UTC(2026, 1, 3) }), ["CP1 3", "CP1 4"]);

  await using later = await testLog({ directory, files: 3, file_bytes: 1 });
  for (const id of ["5", "6"]) later.put("CP1", id), await later.endBlock();
  await later.log.close();
  assertEquals(await idsIn(directory), ["4", "5", "6"].map((id) => `CP1 ${id}`));
});

Deno.test("newest messages are read back from files that were rotated, until these are deleted", async () => {
  await using test = await testLog({ files: 3, file_bytes: 1 }); // a file each block
  const newest = async () => (await test.log.newest("CP1")).map(({ text }) => JSON.parse(text)[1]);
  for (const id of numbered(1, 3)) test.put("CP1", id), await test.endBlock();
  assertEquals(await newest(), ["1", "2", "3"]);
  for (const id of numbered(4, 9)) test.put("CP2", id), await test.endBlock();
  await test.log.close();
  assertEquals(await newest(), []);
  assertEquals((await test.log.newest("CP2")).map(({ text }) => JSON.parse(text)[1]), ["7", "8", "9"]);
});

Deno.test("without a folder the newest messages are in memory, no more than some megabytes of them", async () => {
  const log = new MessageLog({
    directory: null,
    file_bytes: () => 0,
    files: () => 0,
    log: SILENT,
    now: () => START,
  });
  const noise = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(30_000))));
  log.write(log.of("CP1"), "in", "old", false, false);
  for (let n = 0; n < 200; n++) log.write(log.of("CP2"), "in", noise(), false, false);
  assertEquals(await log.newest("CP1"), [], "its block had to go");
  assert((await log.newest("CP2")).length > 0);
  await log.close();
});
