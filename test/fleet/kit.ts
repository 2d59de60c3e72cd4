// The kit of the fleet's tests: fleets, sites, a line that can be cut, and the comparison of both ends.
import { openKvEngine } from "../../src/fleet/kv_engine.ts";
import { newCode } from "../../src/fleet/codes.ts";
import type { FleetEngine } from "../../src/fleet/engine.ts";
import { createLog, SILENT } from "../../src/log.ts";
import { type FleetServer, startFleetServer } from "../../src/fleet/fleet_server.ts";
import { sha256 } from "../../src/store/changes/link_keys.ts";
import { startTestGateway, type TestGateway, type TestOptions } from "../kit/gateway.ts";

/** A fleet under test. */
export interface TestFleet extends AsyncDisposable {
  engine: FleetEngine;
  server: FleetServer;
  url: string;
  /** Returns a one-time code for a site. */
  code(site_id: string): Promise<string>;
}

/** Starts a fleet; its database is in memory, if none is given. */
export async function startFleet(given?: FleetEngine): Promise<TestFleet> {
  const engine = given ?? await openKvEngine(":memory:");
  const server = await startFleetServer({
    engine,
    log: Deno.env.get("FLEET_LOG") ? createLog({ level: "info" }) : SILENT,
    host: "127.0.0.1",
    port: 0,
    tls: null,
  });
  return {
    engine,
    server,
    url: `ws://127.0.0.1:${server.port}`,
    code: (site_id) => codeFor(engine, site_id),
    async [Symbol.asyncDispose]() {
      await server.stop();
      await engine.close();
    },
  };
}

/** Puts a one-time code into a fleet's database. */
export async function codeFor(engine: FleetEngine, site_id: string): Promise<string> {
  const code = newCode();
  await engine.addCode(await sha256(code), site_id, Date.now() + 3_600_000);
  return code;
}

/** Options of a site under test. */
export interface SiteOptions extends TestOptions {
  data_dir: string;
  site?: string;
  fleet: string;
  code?: string | null;
}

/** Starts a gateway in a folder, as a site of a fleet. */
export function startSite(
  { data_dir, site = "depot", fleet, code = null, ...options }: SiteOptions,
): Promise<TestGateway> {
  return startTestGateway({
    ...options,
    config: { kv: `${data_dir}/gateway.db`, data_dir, site, fleet, fleet_code: code, ...options.config },
    tuning: { fleet_every_ms: 20, fleet_retry_ms: 50, ...options.tuning },
  });
}

/** A line between a site and its fleet that can be cut: what is on it is lost, and new connections end at once. */
export interface Line extends Disposable {
  url: string;
  /** Lets bytes through, or cuts. */
  cut: boolean;
  /** Holds what comes back: the other end is heard no more. */
  deaf: boolean;
  cutNow(): void;
}

/** Opens a line to a port of this machine. */
export function startLine(port: () => number): Line {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const open = new Set<Deno.Conn>();
  const line: Line = {
    url: `ws://127.0.0.1:${listener.addr.port}`,
    cut: false,
    deaf: false,
    cutNow: () => {
      for (const connection of open) close(connection);
      open.clear();
    },
    [Symbol.dispose]: () => {
      listener.close();
      line.cutNow();
    },
  };
  void (async () => {
    for await (const near of listener) void join(near);
  })().catch(() => {});
  async function join(near: Deno.Conn): Promise<void> {
    if (line.cut) return close(near);
    const far = await Deno.connect({ port: port(), hostname: "127.0.0.1" }).catch(() => null);
    if (!far) return close(near);
    if (line.cut) return close(near), close(far);
    open.add(near).add(far);
    await Promise.allSettled([copy(near, far, () => false), copy(far, near, () => line.deaf)]);
    close(near);
    close(far);
  }
  async function copy(from: Deno.Conn, to: Deno.Conn, deaf: () => boolean): Promise<void> {
    try {
      for await (const chunk of from.readable) if (!deaf()) await writeAll(to, chunk);
    } finally {
      close(from);
      close(to);
    }
  }
  return line;
}

async function writeAll(to: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch { /* it is closed */ }
}
