// The message log: what went by stays as it was received, the newest in memory and all of it in files.
import { assert, assertEquals } from "@std/assert";
import { MessageLog } from "../../src/central/message_log.ts";
import { gunzipSync } from "node:zlib";
import { SILENT } from "../../src/log.ts";

const AT = Date.UTC(2026, 2, 1, 8, 0, 0, 123);

interface Options {
  directory: string | null;
  file_bytes?: number;
  files?: number;
  faults?: string[];
}

function makeLog({ directory, file_bytes = 1e6, files = 3, faults = [] }: Options): MessageLog {
  const log = { ...SILENT, error: (message: string) => void faults.push(message) };
  return new MessageLog({ directory, file_bytes: () => file_bytes, files: () => files, log, now: () => AT });
}

function put(log: MessageLog, charger_id: string, text: string, valid = true): void {
  log.write(log.of(charger_id), "in", text, valid, false);
}

const heartbeat = (number: number) => `[2,"${number}","Heartbeat",{}]`;
const textsOf = async (log: MessageLog, charger_id: string) =>
  (await log.newest(charger_id)).map(({ text }) => text);

async function linesOf(file: string): Promise<string[]> {
  return new TextDecoder().decode(gunzipSync(await Deno.readFile(file))).split("\n").slice(0, -1);
}

Deno.test("MessageLog keeps the newest 100 messages of a charger, oldest first", async () => {
  const log = makeLog({ directory: null });
  for (let number = 1; number <= 1000; number++) {
    put(log, "CP1", heartbeat(number));
    if (number % 10 === 0) put(log, "CP2", heartbeat(number));
    if (number === 50) assertEquals((await textsOf(log, "CP1")).length, 50);
  }
  const last = (count: number, step: number) =>
    Array.from({ length: count }, (_, index) => heartbeat(1000 - (count - 1 - index) * step));
  assertEquals(await textsOf(log, "CP1"), last(100, 1));
  assertEquals(await textsOf(log, "CP2"), last(100, 10));
  assertEquals((await log.newest("CP2")).at(-1), { at: AT, direction: "in", text: heartbeat(1000) });
  assertEquals(await log.newest("CP3"), []);
  await log.close();
});

Deno.test("MessageLog keeps of long messages what 64 kB hold, and forgets a longer one with the next", async () => {
  const log = makeLog({ directory: null });
  const long = (number: number) => `[2,"${number}","DataTransfer",{"data":"${"x".repeat(2000)}"}]`;
  for (let number = 1; number <= 500; number++) put(log, "CP1", long(number));
  const kept = await textsOf(log, "CP1");
  assert(kept.length >= 30 && kept.length <= 40, `${kept.length}`);
  assertEquals(kept, Array.from({ length: kept.length }, (_, index) => long(501 - kept.length + index)));
  const longest = `[2,"501","DataTransfer",{"data":"${"y".repeat(200_000)}"}]`;
  put(log, "CP1", longest);
  assertEquals((await textsOf(log, "CP1")).at(-1), longest);
  for (let number = 502; number <= 600; number++) put(log, "CP1", heartbeat(number));
  assertEquals(await textsOf(log, "CP1"), Array.from({ length: 99 }, (_, index) => heartbeat(502 + index)));
  await log.close();
});

Deno.test("MessageLog has every text as it was received, in memory and in its file", async () => {
  const directory = await Deno.makeTempDir();
  const log = makeLog({ directory });
  const id = 'Ladesäule "1"';
  const texts = [
    '[2, "1" ,"DataTransfer",{"data":"größer, 漢字 😀"}]',
    '[2,"2","DataTransfer",{"data":",\\"message\\":"}]',
    '[2,"3",\r\n"Heartbeat",{}]',
    '[2,"4","Heartbeat",{}\0]',
    '{"not OCPP',
    "",
  ];
  texts.forEach((text, index) => put(log, id, text, index < 4));
  assertEquals(await textsOf(log, id), texts);
  await log.close();
  const entries = (await linesOf(`${directory}/messages.jsonl.gz`)).map((line) => JSON.parse(line));
  assertEquals(entries.map(({ message, text }) => message ?? text), [
    [2, "1", "DataTransfer", { data: "größer, 漢字 😀" }],
    [2, "2", "DataTransfer", { data: ',"message":' }],
    [2, "3", "Heartbeat", {}],
    ...texts.slice(3),
  ]);
  assertEquals(entries.slice(2).map(({ text }) => text), texts.slice(2));
  assertEquals(
    new Set(entries.map(({ at, charger_id, direction }) => `${at} ${charger_id} ${direction}`)),
    new Set([
      `2026-03-01T08:00:00.123Z ${id} in`,
    ]),
  );
  await Deno.remove(directory, { recursive: true });
});

Deno.test("MessageLog puts full files aside, and only so many", async () => {
  const directory = await Deno.makeTempDir();
  const log = makeLog({ directory, file_bytes: 16_000, files: 3 });
  for (let number = 1; number <= 10_000; number++) put(log, "CP1", heartbeat(number));
  await log.close();
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
  assertEquals(names, ["messages.1.jsonl.gz", "messages.2.jsonl.gz", "messages.jsonl.gz"]);
  const lines = (await Promise.all(
    names.toSorted((a, b) => b.length - a.length || (a < b ? 1 : -1))
      .map((name) => linesOf(`${directory}/${name}`)),
  )).flat();
  const numbers = lines.map((line) => Number(JSON.parse(line).message[1]));
  assertEquals(
    numbers,
    Array.from({ length: numbers.length }, (_, index) => 10_001 - numbers.length + index),
  );
  assert(numbers.length > 4000 && numbers.length < 7000, `${numbers.length}`);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("MessageLog says once that it cannot write, counts what is lost, and keeps the newest", async () => {
  const file = await Deno.makeTempFile();
  const faults: string[] = [];
  const log = makeLog({ directory: file, faults });
  for (let number = 1; number <= 5000; number++) put(log, "CP1", heartbeat(number));
  await log.close();
  assertEquals(log.lost, 5000);
  assertEquals(faults, ["Cannot write the message log"]);
  assertEquals((await textsOf(log, "CP1")).at(-1), heartbeat(5000));
  await Deno.remove(file);
});

Deno.test("MessageLog tells a tap each message, until it is ended", async () => {
  const log = makeLog({ directory: null });
  const heard: string[] = [];
  const end = log.tap("CP1", ({ text }) => heard.push(text));
  put(log, "CP1", "1");
  put(log, "CP2", "2");
  end();
  put(log, "CP1", "3");
  assertEquals(heard, ["1"]);
  await log.close();
});
