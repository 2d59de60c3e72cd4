// Runs the conformance cases and prints a table of them: `deno task conformance [filter of file names]`.
import { ABUSE, BEYOND, ENERGY, NOTES, OCTT } from "./catalogue.ts";

const FOLDER = new URL("./", import.meta.url);

/** A case that has run: its declared name, and the reason of its failure. */
interface Ran {
  name: string;
  failure: string | null;
  skipped: boolean;
}

/** A line of the table. */
interface Line {
  id: string;
  result: "passed" | "failed" | "missing" | "skipped";
  note: string;
}

if (import.meta.main) Deno.exit(await main(Deno.args));

/** Runs the cases and resolves with the exit code. */
async function main(files: string[]): Promise<number> {
  const report = await runTests(files);
  const ran = readReport(report);
  if (ran.length === 0) throw new Error("No case ran");
  const listed = [...OCTT, ...BEYOND, ...ABUSE, ...ENERGY];
  const lines = listed.map((id) => lineOf(id, ran));
  const shown = files.length ? lines.filter(({ result }) => result !== "missing") : lines;
  print(shown);
  const outside = ran.filter(({ name, failure }) =>
    failure && !idsOf(name).some((id) => listed.includes(id))
  );
  for (const { name, failure } of outside) console.log(`failed outside of any case: ${name}: ${failure}`);
  const passed = shown.filter(({ result }) => result === "passed").length;
  console.log(`${passed} passed, ${shown.length - passed} failed`);
  return passed === shown.length && outside.length === 0 ? 0 : 1;
}

/** Runs the tests in another process without type checking and resolves with their JUnit report. */
async function runTests(files: string[]): Promise<string> {
  const chosen = files.length ? files : [FOLDER.pathname];
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-prompt", "--no-check", "-A", "--reporter=junit", ...chosen],
    env: { NO_COLOR: "1" },
    stderr: "inherit",
  }).output();
  return new TextDecoder().decode(stdout);
}

/** Returns the cases of a report: the steps of a test, or the test itself if it has none or has failed outside them. */
function readReport(xml: string): Ran[] {
  const found = xml.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g);
  return [...found].map(([, name, body = ""]) => ({
    name: unescape(name!).split(" > ").at(-1)!,
    failure: messageOf(body),
    skipped: body.includes("<skipped"),
  })).filter(({ failure }) => !/^\d+ test steps? failed/.test(failure ?? ""));
}

function messageOf(body: string): string | null {
  const message = /<failure message="([^"]*)"/.exec(body)?.[1];
  return message === undefined ? null : unescape(message);
}

function unescape(text: string): string {
  const names: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name) => names[name]!);
}

/** Returns the ids in brackets at the end of a case's name; a test may cover several. */
function idsOf(name: string): string[] {
  const ids = /\(([^()]*)\)$/.exec(name)?.[1] ?? "";
  return ids.split(", ").filter((id) => /^(TC_\d{3}(_\d)?|[XAE]\d\d)$/.test(id));
}

function lineOf(id: string, ran: Ran[]): Line {
  const mine = ran.filter(({ name }) => idsOf(name).includes(id));
  const failed = mine.find(({ failure }) => failure !== null);
  const note = NOTES[id] ?? "";
  if (failed) return { id, result: "failed", note: `${failed.name}: ${failed.failure?.split("\n")[0]}` };
  if (mine.length === 0) return { id, result: "missing", note };
  if (mine.every(({ skipped }) => skipped)) return { id, result: "skipped", note };
  return { id, result: "passed", note };
}

function print(lines: Line[]): void {
  console.log("id       | result  | note");
  console.log("---------|---------|-----");
  for (const { id, result, note } of lines) {
    console.log(`${id.padEnd(8)} | ${result.padEnd(7)} | ${note.slice(0, 200)}`.trimEnd());
  }
}
