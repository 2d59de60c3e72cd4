// From exec to the first accepted websocket: as a ratio to the echo's, at the very first start, and with a journal to
// replay; and the memory of an idle gateway. Sources, bundle and compiled binary are interleaved.
import type { Bench } from "../bench.ts";
import { writeJournal } from "../journal.ts";
import { median } from "../report.ts";
import { kill, spawnGateway, spawnProgram } from "../server.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const RUNS = 9;
const PATIENCE_MS = 20_000;
const IDLE_MS = 8_000;
const SERVE_FLAGS = [
  "--v8-flags=--max-semi-space-size=8,--max-old-space-size=512,--no-parallel-scavenge",
  "--no-prompt",
  "--allow-net",
  "--allow-write",
  "--allow-env",
  "--allow-sys=networkInterfaces,statfs",
];

/** A program whose start is measured: how it is spawned, and what it is. */
interface Started {
  name: string;
  spawn: (data_dir: string, port: number) => Deno.ChildProcess;
}

/** The measured figures of a program, ms and MB. */
interface Figures {
  start: number[];
  first: number[];
  rss: number[];
  anonymous: number[];
}

/** Start-up times and idle memory. */
export async function startUp(bench: Bench): Promise<void> {
  const { report } = bench;
  report.title("start_up: exec to the first accepted websocket, warm cache, interleaved");
  const measured = await measureAll(bench, await programs(bench));
  for (const [name, { start, first, rss, anonymous }] of measured) {
    const ms = (values: number[]) => values.map((value) => value.toFixed(0)).join(" ");
    report.note(`  ${name.padEnd(10)} start ${ms(start)} ms  first ${ms(first)} ms`);
    report.note(
      `  ${name.padEnd(10)} idle ${median(rss).toFixed(1)} MB, anonymous ${median(anonymous).toFixed(1)} MB`,
    );
  }
  const { bundle, echo } = Object.fromEntries(measured) as Record<"bundle" | "echo", Figures>;
  const ratio = Math.min(...bundle.start) / Math.min(...echo.start);
  report.figure("start / echo's start, best of both", ratio, { at_most: 1.7 }, { unit: "", decimals: 2 });
  report.figure("first start, best", Math.min(...bundle.first), { at_most: 150 }, {
    unit: "ms",
    decimals: 0,
  });
  report.figure("idle memory", median(bundle.rss), { at_most: 56 }, { unit: "MB" });
  report.figure("anonymous part of it", median(bundle.anonymous), { at_most: 16 }, { unit: "MB" });
  await startWithJournal(bench);
}

async function startWithJournal(bench: Bench): Promise<void> {
  const full = `${bench.folder}/journal`;
  const { bytes, messages } = await writeJournal(full);
  const name = `start with ${(bytes / 1e6).toFixed(1)} MB of journal (${messages} messages)`;
  bench.report.figure(name, await medianStart(bench, full), { at_most: 400 }, { unit: "ms", decimals: 0 });
}

/** The echo, the gateway from its sources, as `deno task start` runs it, and compiled where this machine can compile. */
async function programs({ report, folder }: Bench): Promise<Started[]> {
  const options = (data_dir: string, port: number) => [
    ...["serve", "--host", "127.0.0.1", "--port", String(port), "--data-dir", data_dir],
  ];
  const read = (data_dir: string) => `--allow-read=${data_dir},${ROOT}`;
  const echo = `${ROOT}test/bench/servers/echo.ts`;
  const found: Started[] = [
    { name: "echo", spawn: (_, port) => spawnProgram([Deno.execPath(), "run", "-A", echo, String(port)]) },
    {
      name: "sources",
      spawn: (data_dir, port) =>
        spawnProgram([
          ...[Deno.execPath(), "run", ...SERVE_FLAGS, read(data_dir), `${ROOT}main.ts`],
          ...options(data_dir, port),
        ]),
    },
    { name: "bundle", spawn: (data_dir, port) => spawnGateway({ data_dir, port }) },
  ];
  const binary = `${folder}/ocpp-gateway`;
  const args = ["task", "compile", "--output", binary];
  const { success } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    stdout: "null",
    stderr: "null",
  })
    .output();
  if (!success) report.skipped("compiled", "this machine has no base to compile with (see DENORT_BIN)");
  else found.push({ name: "compiled", spawn: (dir, port) => spawnProgram([binary, ...options(dir, port)]) });
  return found;
}

async function measureAll({ folder, quick }: Bench, all: readonly Started[]): Promise<[string, Figures][]> {
  const measured = all.map((
    { name },
  ): [string, Figures] => [name, { start: [], first: [], rss: [], anonymous: [] }]);
  for (const { name, spawn } of all) await startOnce((port) => spawn(`${folder}/warm-${name}`, port)); // fills caches
  for (let run = 0; run < (quick ? 2 : RUNS); run++) {
    for (const [index, { name, spawn }] of all.entries()) {
      const data_dir = `${folder}/${name}-${run}`;
      const figures = measured[index]![1];
      figures.first.push(await startOnce((port) => spawn(data_dir, port)));
      figures.start.push(await startOnce((port) => spawn(data_dir, port)));
      if (run > 1) continue;
      await startOnce((port) => spawn(data_dir, port), async (pid) => {
        await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
        figures.rss.push(await memoryOf(pid, "Rss"));
        figures.anonymous.push(await memoryOf(pid, "Anonymous"));
      });
    }
  }
  return measured;
}

/** Returns a part of a process' memory, MB (2^20 bytes). */
async function memoryOf(pid: number, part: "Rss" | "Anonymous"): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`).catch(() => "");
  return Number(new RegExp(`^${part}: +(\\d+)`, "m").exec(text)?.[1] ?? NaN) / 1024;
}

/** Returns the median start, ms. Each start gets a copy of the folder: it may fold the journal away. */
export async function medianStart({ report, quick, folder }: Bench, original: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < (quick ? 3 : RUNS); run++) {
    const copy = await Deno.makeTempDir({ dir: folder });
    await copyFiles(original, copy);
    times.push(await firstWebsocket(copy));
    await Deno.remove(copy, { recursive: true });
  }
  report.note(`  ${times.map((ms) => ms.toFixed(0)).join(" ")} ms`);
  return median(times);
}

async function copyFiles(from: string, to: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(from)) {
    if (isFile) await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

function firstWebsocket(data_dir: string): Promise<number> {
  return startOnce((port) => spawnGateway({ data_dir, port }));
}

/** Starts a program, connects as soon as it listens, and ends it, after `then` if that is given; ms until it answered 101. */
async function startOnce(
  spawn: (port: number) => Deno.ChildProcess,
  then?: (pid: number) => Promise<void>,
): Promise<number> {
  const port = freePort();
  const start = performance.now();
  const child = spawn(port);
  const drain = (stream: ReadableStream<Uint8Array>) => stream.pipeTo(new WritableStream());
  const drained = Promise.all([drain(child.stdout), drain(child.stderr)]); // a closed pipe would end it
  try {
    while (!await accepts(port)) {
      if (performance.now() - start > PATIENCE_MS) throw new Error("The gateway does not start");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const ms = performance.now() - start;
    await then?.(child.pid);
    return ms;
  } finally {
    await kill(child);
    await drained;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Returns true if a charger's handshake is answered with 101. */
async function accepts(port: number): Promise<boolean> {
  try {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const request =
      `GET /FIRST HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n";
    await connection.write(new TextEncoder().encode(request));
    const answer = new Uint8Array(1024);
    const length = await connection.read(answer) ?? 0;
    return new TextDecoder().decode(answer.subarray(0, length)).startsWith("HTTP/1.1 101");
  } catch {
    return false;
  }
}
