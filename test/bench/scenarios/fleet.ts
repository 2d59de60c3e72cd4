// A fleet: what it costs a site, with the line and without, and the batches that one fleet and one PostgreSQL take.
import { newCode } from "../../../src/fleet/codes.ts";
import type { FleetEngine } from "../../../src/fleet/engine.ts";
import { type FleetServer, startFleetServer } from "../../../src/fleet/fleet_server.ts";
import { openKvEngine } from "../../../src/fleet/kv_engine.ts";
import { openPostgresEngine } from "../../../src/fleet/postgres_engine.ts";
import { SILENT } from "../../../src/log.ts";
import { FleetSocket } from "../../../src/services/fleet/fleet_socket.ts";
import { encodeBatch, restBytes } from "../../../src/store/changes/batch.ts";
import { sha256 } from "../../../src/store/changes/link_keys.ts";
import { LINK_PROTOCOL } from "../../../src/store/changes/link_messages.ts";
import { toBytes } from "../../../src/store/kv/codec.ts";
import { SCHEMA } from "../../../src/store/site.ts";
import { startLine } from "../../fleet/kit.ts";
import { eventually } from "../../kit/eventually.ts";
import { POSTGRES, startPostgres } from "../../kit/postgres.ts";
import { type Bench, using } from "../bench.ts";
import { load, type LoadResult, quietly } from "../load.ts";
import { median, type Wanted } from "../report.ts";
import { startGateway } from "../server.ts";
import { optionsOf } from "./sessions.ts";

const ROUNDS = 3;
const SITES = 1_000;
/** Rows of a batch in a typical ten seconds of a site, and their bytes. */
const ROWS = 5;
const ROW_BYTES = 700;
/** Batches that arrive at the same time. */
const AT_ONCE = 32;

/** The cost of a fleet at a site, and the load that a fleet carries. */
export async function fleet(bench: Bench): Promise<void> {
  const { report } = bench;
  report.title("fleet: a site in a fleet, and 1,000 sites at one fleet");
  await siteCosts(bench);
  if (POSTGRES) await capacity(bench);
  else report.skipped("fleet, capacity", "it needs PostgreSQL (apt install postgresql)");
}

type Kind = "alone" | "in a fleet" | "line cut";

async function siteCosts(bench: Bench): Promise<void> {
  const { report, quick } = bench;
  const engine = await openKvEngine(":memory:");
  await using server = await serve(engine);
  const results: Record<Kind, LoadResult[]> = { "alone": [], "in a fleet": [], "line cut": [] };
  for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
    for (const kind of Object.keys(results) as Kind[]) {
      const result = await quietly(bench, () => one(bench, kind, { engine, port: server.port }));
      report.run(kind, result);
      results[kind].push(result);
    }
  }
  const share = (kind: Kind, of: (result: LoadResult) => number) =>
    median(results[kind].map(of)) / median(results.alone.map(of));
  const written = ({ server, msgs }: LoadResult) => server.written / msgs;
  const figures: [string, number, Wanted][] = [
    ["messages a second in a fleet", share("in a fleet", ({ msgs_s }) => msgs_s), { at_least: 97 }],
    ["bytes written a message in a fleet", share("in a fleet", written), { at_most: 108 }],
    ["p99 with the line cut", share("line cut", ({ p99_ms }) => p99_ms), { at_most: 110 }],
  ];
  for (const [name, value, wanted] of figures) {
    report.figure(`${name}, of those alone`, value * 100, wanted, { unit: "%" });
  }
}

/** Loads a site; one that has been sent whole before, so that changes wait where the line is cut. */
async function one(
  bench: Bench,
  kind: Kind,
  { engine, port }: { engine: FleetEngine; port: number },
): Promise<LoadResult> {
  using line = startLine(() => port);
  const env: Record<string, string> = kind === "alone" ? {} : await siteEnv(engine, new URL(line.url).port);
  const start = (folder: string) => startGateway({ data_dir: folder, env });
  return await using(bench, start, async (site) => {
    const isWhole = async () =>
      (await engine.sites()).some((known) => known.site_id === env.OCPP_SITE && known.last_batch);
    if (kind !== "alone") await eventually(isWhole);
    if (kind === "line cut") {
      line.cut = true;
      line.cutNow();
    }
    return await load(site, optionsOf(bench.quick));
  });
}

async function siteEnv(engine: FleetEngine, port: string): Promise<Record<string, string>> {
  const [site, code] = [`site-${crypto.randomUUID()}`, newCode()];
  await engine.addCode(await sha256(code), site, Date.now() + 3_600_000);
  return { OCPP_SITE: site, OCPP_FLEET: `ws://127.0.0.1:${port}`, OCPP_FLEET_CODE: code };
}

/** Replays batches of many sites. */
async function capacity({ report, quick }: Bench): Promise<void> {
  await using postgres = await startPostgres();
  const engine = await openPostgresEngine(postgres.url);
  {
    await using server = await serve(engine);
    const sites = await Promise.all(
      Array.from({ length: SITES }, (_, index) => enrolled(engine, server.port, `s${index}`)),
    );
    const rounds = quick ? 2 : 10;
    const began = performance.now();
    const times: number[] = [];
    for (let at = 0; at < SITES; at += AT_ONCE) {
      await Promise.all(sites.slice(at, at + AT_ONCE).map((site) => replay(site, rounds, times)));
    }
    const seconds = (performance.now() - began) / 1000;
    times.sort((a, b) => a - b);
    report.figure("batches a second", SITES * rounds / seconds, { at_least: 100 }, {
      unit: "/s",
      decimals: 0,
    });
    report.note(
      `an answer takes p50 ${ms(times, 0.5)}, p99 ${
        ms(times, 0.99)
      }; ${SITES} sites with a batch each 10 s send 100 a second`,
    );
    const asked = performance.now();
    await engine.sites();
    report.figure(`overview of ${SITES} sites`, performance.now() - asked, { at_most: 100 }, {
      unit: "ms",
      decimals: 1,
    });
    for (const { socket } of sites) socket.close();
  }
}

/** A simulated site. */
interface Replayed {
  site_id: string;
  socket: FleetSocket;
}

async function enrolled(engine: FleetEngine, port: number, site_id: string): Promise<Replayed> {
  const code = newCode();
  await engine.addCode(await sha256(code), site_id, Date.now() + 3_600_000);
  const key = crypto.getRandomValues(new Uint8Array(32)).toHex();
  const hello = {
    type: "hello" as const,
    protocol: LINK_PROTOCOL,
    site_id,
    key,
    code,
    program: "bench",
    schema: SCHEMA,
  };
  return {
    site_id,
    socket: await FleetSocket.open(`ws://127.0.0.1:${port}`, hello, new AbortController().signal),
  };
}

async function replay({ socket }: Replayed, rounds: number, times: number[]): Promise<void> {
  let last: string | null = null;
  for (let round = 0; round < rounds; round++) {
    const id = crypto.randomUUID();
    const rows = Array.from({ length: ROWS }, (_, index) => ({
      key: restBytes(["bench", index * 100 + round]),
      value: toBytes({ text: crypto.getRandomValues(new Uint8Array(ROW_BYTES / 2)).toHex() }),
    }));
    const batch = { id, after: [last], schema: SCHEMA, at: Date.now(), range: null, waiting: 0, rows };
    const bytes = await encodeBatch(batch);
    const sent = performance.now();
    await socket.ask(bytes, "ack");
    times.push(performance.now() - sent);
    last = id;
  }
}

async function serve(engine: FleetEngine): Promise<FleetServer & AsyncDisposable> {
  const server = await startFleetServer({ engine, log: SILENT, host: "127.0.0.1", port: 0, tls: null });
  const end = async () => {
    await server.stop();
    await engine.close();
  };
  return { ...server, [Symbol.asyncDispose]: end };
}

function ms(sorted: readonly number[], part: number): string {
  return `${sorted[Math.floor((sorted.length - 1) * part)]!.toFixed(1)} ms`;
}
