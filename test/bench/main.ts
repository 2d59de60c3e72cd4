// `deno task bench [--only name,name] [--quick] [--days N] [--dir folder]`: the gateway's figures and their targets, beside those of other servers.
import { parseArgs } from "node:util";
import type { Bench, Scenario } from "./bench.ts";
import { adminList } from "./scenarios/admin_list.ts";
import { adminPhone } from "./scenarios/admin_phone.ts";
import { adminScroll } from "./scenarios/admin_scroll.ts";
import { answers } from "./scenarios/answers.ts";
import { connections } from "./scenarios/connections.ts";
import { figures } from "./scenarios/figures.ts";
import { fleet } from "./scenarios/fleet.ts";
import { folding } from "./scenarios/folding.ts";
import { hostile } from "./scenarios/hostile.ts";
import { load } from "./scenarios/load.ts";
import { meters } from "./scenarios/meters.ts";
import { outputs } from "./scenarios/outputs.ts";
import { readings } from "./scenarios/readings.ts";
import { retention } from "./scenarios/retention.ts";
import { sessions } from "./scenarios/sessions.ts";
import { simulators } from "./scenarios/simulators.ts";
import { slowDisk } from "./scenarios/slow_disk.ts";
import { startUp } from "./scenarios/start_up.ts";
import { Report } from "./report.ts";
import { slowSync } from "./slow_sync.ts";

const SCENARIOS: Record<string, Scenario> = {
  sessions,
  slow_disk: slowDisk,
  meters,
  readings,
  folding,
  figures,
  connections,
  start_up: startUp,
  simulators,
  answers,
  retention,
  hostile,
  outputs,
  load,
  fleet,
  admin_list: adminList,
  admin_phone: adminPhone,
  admin_scroll: adminScroll,
};

interface Args {
  names: string[];
  quick: boolean;
  dir: string | undefined;
  days: number | undefined;
}

function readArgs(): Args {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      dir: { type: "string" },
      days: { type: "string" },
    },
  });
  const names = values.only?.split(",") ?? Object.keys(SCENARIOS);
  const unknown = names.find((name) => !Object.hasOwn(SCENARIOS, name));
  if (unknown !== undefined) {
    throw new Error(`No scenario is called '${unknown}': there are ${Object.keys(SCENARIOS).join(", ")}`);
  }
  const days = values.days === undefined ? undefined : Number(values.days);
  if (days !== undefined && !(days >= 1)) throw new Error("--days must be a number of days, 1 or more");
  return { names, quick: values.quick, dir: values.dir, days };
}

/** /tmp is often memory, where nothing is written to a disk. */
async function makeFolder(dir: string | undefined): Promise<string> {
  const durable = await Deno.stat("/var/tmp").then(({ isDirectory }) => isDirectory, () => false);
  const parent = dir ?? (durable ? "/var/tmp" : undefined);
  return await Deno.makeTempDir({ prefix: "ocpp-bench-", ...(parent ? { dir: parent } : {}) });
}

async function main(): Promise<number> {
  const { names, quick, dir, days } = readArgs();
  const folder = await makeFolder(dir);
  const report = new Report();
  const bench: Bench = { report, quick, days, folder, slow: await slowSync(folder) };
  let failed = 0;
  report.note(`${navigator.hardwareConcurrency} cores, Deno ${Deno.version.deno}, data in ${folder}`);
  if (quick) report.note("--quick: these figures say that it works, not how well");
  try {
    for (const name of names) {
      await SCENARIOS[name]!(bench).catch((error) => {
        failed++;
        report.skipped(name, String(error instanceof Error ? error.message : error));
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
  report.end();
  return failed ? 1 : 0;
}

try {
  Deno.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(2);
}
