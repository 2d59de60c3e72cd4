import { assertArrayIncludes, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { command } from "../../src/cli/simulate.ts";
import { Central } from "../kit/central.ts";

/** Runs the command and captures its output. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const log = (text: string) => void out.push(text);
  const error = (text: string) => void err.push(text);
  return { code: await command.run(args, { log, error }), out: out.join("\n"), err };
}

Deno.test("simulate exits with code 2 and one line for invalid arguments", async () => {
  const wrong = [
    ["--bogus"],
    ["--kwh-min", "x"],
    ["--kwh-min", "70"],
    ["--phases", "4"],
    ["--mix", "home"],
    ["--fleet", "3", "--mix", "moon"],
    ["--scenario", "nope"],
    ["--scenario", "./no/such/file.json"],
  ];
  for (const args of wrong) {
    const { code, err } = await run(...args);
    assertEquals([args, code, err.length], [args, 2, 1]);
    assertMatch(err[0]!, /^[^\n]+[^.\n]$/);
  }
});

Deno.test("simulate --help lists all options with defaults, --scenarios the ready scenarios", async () => {
  const { code, out } = await run("--help");
  assertEquals(code, 0);
  for (const { flag } of command.options) assertStringIncludes(out, flag);
  assertMatch(out, /--kwh-min N .*\(30\)/);
  assertMatch((await run("--scenarios")).out, /^late_stop +StopTransaction comes ten minutes late$/m);
});

Deno.test("simulate runs its session and ends", async () => {
  await using central = new Central();
  const options = ["--duration", "2", "--speed", "20", "--kwh-min", "1", "--kwh-max", "1", "--interval", "1"];
  const { code, out } = await run("--ws-port", String(central.port), ...options);
  assertEquals(code, 0);
  const last = central.names.slice(-3); // messages of the transaction have a queue of their own
  assertArrayIncludes(last, ["StopTransaction", "1 Available"]);
  assertStringIncludes(out, "CPX: transaction 1 started: Accepted");
});

Deno.test("simulate --scenario runs a scenario", async () => {
  await using central = new Central();
  central.strict = false;
  const { code } = await run("--ws-port", String(central.port), "--scenario", "free_mode", "--speed", "50");
  assertEquals([code, central.names.at(-1)], [0, "StopTransaction"]);
});
