// Sites, fleet, line and PostgreSQL are killed at random: nothing acknowledged is lost, and in the end the fleet has the site.
import { assertEquals } from "@std/assert";
import { openKvEngine } from "../../src/fleet/kv_engine.ts";
import { openPostgresEngine } from "../../src/fleet/postgres_engine.ts";
import { startLine } from "../fleet/kit.ts";
import { compare } from "../fleet/verifier.ts";
import { eventually } from "../kit/eventually.ts";
import { POSTGRES, startPostgres } from "../kit/postgres.ts";
import { type GatewayProcess, runCommand, spawnGateway, tempDir } from "./gateway_process.ts";

/** Kills in one run; more by the environment variable. */
const KILLS = Number(Deno.env.get("OCPP_TEST_FLEET_KILLS") ?? 8);
const PARTS = ["site", "line", "fleet", "store"] as const;

/** A fleet as a process. */
interface FleetProcess extends AsyncDisposable {
  port: number;
}

async function spawnFleet(store: string): Promise<FleetProcess> {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const args = [
    "run",
    "-A",
    "--config",
    config,
    main,
    "fleet",
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--store",
    store,
  ];
  const child = new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!/:(\d+)\/\n/.test(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The fleet ended: ${text}`);
    text += value;
  }
  void (async () => {
    while (!(await reader.read()).done);
  })();
  return {
    port: Number(/:(\d+)\/\n/.exec(text)![1]),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

/** Adds RFID tags for as long as it is told to; those that were answered are in `acknowledged`. */
function writeTags(site: () => GatewayProcess | null, acknowledged: string[]) {
  const stopped = { now: false };
  const running = (async () => {
    for (let index = 0; !stopped.now; index++) {
      const rfid = `TAG${index}`;
      const answer = await site()?.rest("POST", "/ocpp/rfids/", { rfid }).catch(() => null);
      if (answer?.status === 201) acknowledged.push(rfid);
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return { stop: () => (stopped.now = true, running) };
}

Deno.test(`${KILLS} kills of site, fleet, database and line lose nothing; in the end the fleet has the site, key by key`, async () => {
  await using folder = await tempDir();
  await using postgres = POSTGRES ? await startPostgres() : null;
  const store = postgres?.url ?? `${folder.path}/fleet.db`;
  const data_dir = `${folder.path}/site`;
  const { stdout: code } = await runCommand(["fleet", "--store", store, "--enrol", "depot"]);
  let fleet: FleetProcess | null = await spawnFleet(store);
  using line = startLine(() => fleet?.port ?? 1);
  const start = () =>
    spawnGateway({ data_dir, args: ["--site", "depot", "--fleet", line.url, "--fleet-code", code.trim()] });
  let site: GatewayProcess | null = await start();
  const acknowledged: string[] = [];
  const writer = writeTags(() => site, acknowledged);
  const kill: Record<typeof PARTS[number], () => Promise<void>> = {
    site: async () => {
      const dying = site!;
      site = null;
      await dying.kill();
      site = await start();
    },
    line: async () => {
      line.cut = true;
      line.cutNow();
      await new Promise((resolve) => setTimeout(resolve, 50));
      line.cut = false;
    },
    fleet: async () => {
      await fleet![Symbol.asyncDispose]();
      fleet = null;
      fleet = await spawnFleet(store);
    },
    store: async () => {
      await postgres?.kill();
      await postgres?.start();
    },
  };
  for (let count = 0; count < KILLS; count++) {
    const before = acknowledged.length;
    await eventually(() => acknowledged.length > before + 5, "tags are taken");
    await kill[PARTS[Math.floor(Math.random() * PARTS.length)]!]();
  }
  await writer.stop();
  await kill.site(); // without the long wait for the next attempt that so many failures have led to
  let status: unknown;
  const sent = eventually(
    async () => {
      const { body } = await site!.rest("GET", "/ocpp/fleet/");
      status = body;
      return body.acknowledged_at && body.waiting === 0 && !body.sending_all && body.refused === null;
    },
    "everything sent",
    120_000,
  );
  await sent.catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(status)}`);
  });
  await site!.kill();
  await fleet![Symbol.asyncDispose]();
  const engine = postgres ? await openPostgresEngine(store) : await openKvEngine(store);
  try {
    const { equal, ...rest } = await compare(`${data_dir}/gateway.db`, engine, "depot");
    assertEquals(rest, { missing: [], different: [], extra: [] });
    const keys = new Set(
      (await Array.fromAsync(engine.values("depot"))).map(({ key }) => new TextDecoder().decode(key)),
    );
    assertEquals(acknowledged.filter((rfid) => !keys.has(`\x02rfid\x00\x02${rfid}\x00`)), [], "lost");
    console.log(`${KILLS} kills, ${acknowledged.length} acknowledged, ${equal} keys equal`);
  } finally {
    await engine.close();
  }
});
