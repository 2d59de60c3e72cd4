// From exec to the first accepted websocket: with a warm cache, and with a journal to replay.
import type { Bench } from "../bench.ts";
import { writeJournal } from "../journal.ts";
import { median } from "../report.ts";
import { kill, spawnGateway } from "../server.ts";

const RUNS = 9;
const PATIENCE_MS = 20_000;

/** Start-up times. */
export async function startUp(bench: Bench): Promise<void> {
  const { report } = bench;
  report.title("start_up: exec to the first accepted websocket, warm cache, median of 9");
  const empty = `${bench.folder}/empty`;
  await firstWebsocket(empty); // makes the database, warms the cache
  report.figure("start", await medianStart(bench, empty), { at_most: 150 }, { unit: "ms", decimals: 0 });
  const full = `${bench.folder}/journal`;
  const { bytes, messages } = await writeJournal(full);
  const name = `start with ${(bytes / 1e6).toFixed(1)} MB of journal (${messages} messages)`;
  report.figure(name, await medianStart(bench, full), { at_most: 400 }, { unit: "ms", decimals: 0 });
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

/** Starts the gateway, connects as soon as it listens, and ends it; ms until it answered 101. */
async function firstWebsocket(data_dir: string): Promise<number> {
  const port = freePort();
  const start = performance.now();
  const child = spawnGateway({ data_dir, port });
  const drained = Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
  try {
    while (!await accepts(port)) {
      if (performance.now() - start > PATIENCE_MS) throw new Error("The gateway does not start");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return performance.now() - start;
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
