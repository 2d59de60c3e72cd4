// Many chargers that connect at once, and many that are connected and idle.
import { type Bench, using } from "../bench.ts";
import { type IdleResult, load, type StormResult } from "../load.ts";
import { maxFiles } from "../limits.ts";
import { median } from "../report.ts";
import { ADMIN_PASSWORD, type Server, startGateway } from "../server.ts";

const FILES_BESIDES = 200;

/** Starts a gateway that takes in as many strangers as come. */
async function start(folder: string): Promise<Server> {
  const server = await startGateway({ data_dir: folder });
  const { host } = new URL(server.url);
  const answer = await fetch(`http://${host}/ocpp/settings/`, {
    method: "PATCH",
    headers: {
      authorization: `Basic ${btoa(`admin:${ADMIN_PASSWORD}`)}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ max_new_chargers_per_minute: 100_000, max_unadopted_chargers: 100_000 }),
  });
  if (!answer.ok) throw new Error(`Cannot change the settings: ${await answer.text()}`);
  await answer.body?.cancel();
  return server;
}

/** Measures the time of a storm of connections, and their memory. */
export async function connections(bench: Bench): Promise<void> {
  const { report, quick } = bench;
  report.title("connections: 5,000 chargers at once; 2,000 that only stay");
  const files = await maxFiles() - FILES_BESIDES;
  if (files < 5_000) report.skipped("storm", `a process may open ${files} files here: raise ulimit -n`);
  else await storm(bench, quick ? 1 : 3);
  await idle(bench, Math.min(2_000, files));
}

async function storm(bench: Bench, times: number): Promise<void> {
  const { report } = bench;
  const first: number[] = [];
  for (let time = 0; time < times; time++) {
    const options = { mode: "storm", chargers: 5_000, rounds: 2, addresses: 4 };
    const { rounds, retries, peak_mb } = await using(
      bench,
      start,
      (server) => load<StormResult>(server, options),
    );
    const [fresh, again] = rounds;
    if (fresh?.accepted !== 5_000) throw new Error(`Only ${fresh?.accepted} of 5,000 chargers were accepted`);
    report.note(
      `  all accepted after ${fresh.all_s} s, again ${again?.all_s} s; ${retries} retries, ${peak_mb} MB at most`,
    );
    first.push(fresh.all_s);
  }
  report.figure("storm of 5,000 chargers", median(first), { at_most: 1.2 }, { unit: "s", decimals: 2 });
}

async function idle(bench: Bench, chargers: number): Promise<void> {
  const { report, quick } = bench;
  const options = { mode: "idle", chargers, rate: 1_000, hold: quick ? 3 : 10 };
  const result = await using(bench, start, async (server) => {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return await load<IdleResult>(server, options);
  });
  report.figure("per 1,000 idle chargers", result.mb_per_1000, { at_most: 28 }, { unit: "MB" });
  report.figure("idle without chargers", result.rss_before_mb, { at_most: 60 }, { unit: "MB" });
}
