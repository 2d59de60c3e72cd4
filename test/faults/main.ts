// `deno task faults`: figures of kills, power cuts, damaged frames, and hostile peers on each listener.
import { parseArgs } from "node:util";
import { survive } from "./acknowledged.ts";
import { ATTACKS, endure, LISTENERS } from "./attack.ts";
import { failingCard, HAS_CC } from "./failing_card.ts";
import { tempDir } from "./gateway_process.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const FUZZED = ["--filter", "/^Damaged (payloads|frames)/"]; // two tests
const FUZZ = ["test", "-A", "--no-check", ...FUZZED, `${ROOT}test/fuzz/frames_test.ts`];

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "10" },
    "power-cuts": { type: "string", default: "3" },
    frames: { type: "string", default: "20000" },
    only: { type: "string", default: "kills,cuts,frames,peers" },
  },
});

/** The parts, by the name that `--only` takes. */
const PARTS: Record<string, () => Promise<void>> = { kills, cuts, frames, peers };

async function kills(): Promise<void> {
  await using folder = await tempDir();
  const cuts = Number(values.kills);
  const found = await survive({ cuts, data_dir: folder.path });
  console.log(`kills       ${cuts} survived, ${found} acknowledged records looked up, 0 lost`);
}

async function cuts(): Promise<void> {
  if (!HAS_CC) return console.log("power cuts  left out: there is no C compiler");
  await using card = await failingCard();
  const cuts = Number(values["power-cuts"]);
  const found = await survive({ cuts, data_dir: card.data_dir, env: card.env, cut: card.cutPower });
  console.log(`power cuts  ${cuts} survived, ${found} acknowledged records looked up, 0 lost`);
}

/** The fuzz tests with a number of frames in place of a time. */
async function frames(): Promise<void> {
  const env = { FUZZ_FRAMES: String(Math.ceil(Number(values.frames) / 2)), NO_COLOR: "1" };
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: FUZZ, env, cwd: ROOT })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
  console.log(
    `frames      ${values.frames} damaged ones: no crash, no internal error, other chargers served`,
  );
}

/** Memory and the slowest Heartbeat of another charger under each hostile peer, with 450 MB for the gateway. */
async function peers(): Promise<void> {
  console.log(`${"peer".padEnd(12)}${LISTENERS.map((name) => `${name}: MB, ms`.padEnd(20)).join("")}`);
  for (const attack of Object.keys(ATTACKS)) {
    const cells: string[] = [];
    for (const listener of LISTENERS) {
      const figures = await endure(attack, listener).catch(() => null);
      cells.push(figures ? `${figures.growth_mb}, ${figures.slowest_ms}` : "not endured");
    }
    console.log(`${attack.padEnd(12)}${cells.map((cell) => cell.padEnd(20)).join("")}`);
  }
}

for (const part of values.only.split(",")) {
  const run = PARTS[part];
  if (!run) {
    console.error(`--only takes ${Object.keys(PARTS).join(", ")}, not ${part}`);
    Deno.exit(2);
  }
  await run();
}
