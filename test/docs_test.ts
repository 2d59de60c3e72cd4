// The documents are true to the tree: codes are defined, files that are named exist, and operators never read a code.
import { assert, assertEquals } from "@std/assert";
import { scenarioNames } from "../src/simulator/scenarios/library.ts";

const ROOT = new URL("../", import.meta.url);

/** Quirks, cases beyond the compliance tool, abuse, energy. A code that goes on with .FR is of the white paper. */
const CODE = /(?<![%\w.])[QXAE]\d\d\b(?!\.FR)/g;
/** Codes of OCPP's security white paper, named as such. */
const WHITE_PAPER =
  /white paper,? (?:§[\d.]+(?:, | to | and )?)?(?:[A-Z]\d\d(?:\.FR\.\d+)?(?:, | to | and )?)*/g;

async function filesBelow(folder: string, extensions: RegExp): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (isDirectory) found.push(...await filesBelow(`${folder}${name}/`, extensions));
    else if (extensions.test(name)) found.push(folder + name);
  }
  return found;
}

function read(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, ROOT));
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(new URL(path, ROOT)).then(() => true, () => false);
}

/** Returns the documents with their texts. */
async function documents(): Promise<Map<string, string>> {
  const paths = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...await filesBelow("docs/", /\.md$/)];
  return new Map(await Promise.all(paths.map(async (path) => [path, await read(path)] as const)));
}

/** Returns the codes that docs/ defines: by a heading, or in a table's first column. */
async function definitions(): Promise<string[]> {
  const texts = await Promise.all((await filesBelow("docs/", /\.md$/)).map(read));
  return texts.flatMap((text) => [...text.matchAll(/^(?:#+|\|) ([QXAE]\d\d)\b/gm)].map(([, code]) => code!));
}

Deno.test("every code in the tree is defined in docs/, once", async () => {
  const defined = await definitions();
  assertEquals(defined.filter((code, at) => defined.indexOf(code) !== at), [], "defined twice");
  const paths = [
    ...await filesBelow("src/", /\.(tsx?|json|sh|css)$/),
    ...await filesBelow("test/", /\.(tsx?|c|mjs)$/),
    ...(await documents()).keys(),
  ];
  const unknown: string[] = [];
  for (const path of paths) {
    const text = (await read(path)).replaceAll(/\n\s*(?:\*|\/\/) ?/g, " ").replaceAll(WHITE_PAPER, "");
    for (const [code] of text.matchAll(CODE)) if (!defined.includes(code)) unknown.push(`${path}: ${code}`);
    for (const [code] of text.matchAll(/\bA0\d\.FR\.\d+/g)) unknown.push(`${path}: ${code}, of which paper?`);
  }
  assertEquals(unknown, []);
});

Deno.test("every numbered rule of energy is in docs/energy.md", async () => {
  const energy = await read("docs/energy.md");
  const paths = [
    ...await filesBelow("src/site/energy/", /\.ts$/),
    "test/site/energy_test.ts",
    "test/site/session_test.ts",
  ];
  for (const path of paths) {
    for (const [rule, number] of (await read(path)).matchAll(/\brule (\d+)/gi)) {
      assert(energy.includes(`### Rule ${number}:`), `${path}: ${rule}`);
    }
  }
});

Deno.test("no code is in a text that somebody reads who runs the gateway", async () => {
  const found: string[] = [];
  for (const path of await filesBelow("src/", /\.(tsx?|json|sh)$/)) {
    const code = (await read(path)).replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*|^#.*/gm, "");
    for (const [name] of code.matchAll(CODE)) found.push(`${path}: ${name}`);
  }
  assertEquals(found, []);
});

Deno.test("the files, folders and scenarios that the documents name exist", async () => {
  const missing: string[] = [];
  for (const [document, text] of await documents()) {
    for (const [, path] of text.matchAll(/`((?:src|test|docs|systemd|static|\.ci|\.github)\/[\w./-]*)`/g)) {
      if (!await exists(path!)) missing.push(`${document}: ${path}`);
    }
    for (const [, path] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      if (!await exists(new URL(path!, new URL(document, ROOT)).pathname)) {
        missing.push(`${document}: ${path}`);
      }
    }
    for (const [, name] of text.matchAll(/scenario `(\w+)`/g)) {
      if (!scenarioNames().includes(name!)) missing.push(`${document}: scenario ${name}`);
    }
  }
  assertEquals(missing, []);
});

Deno.test("the alarms and log lines that docs/operations.md explains are in the source", async () => {
  const sources = await Promise.all([...await filesBelow("src/", /\.ts$/), "systemd/supervise"].map(read));
  const operations = await read("docs/operations.md");
  const lines = [...operations.matchAll(/`([A-Z][a-z][^`]* [^`]*)`/g)].map(([, line]) => line!);
  assert(lines.length > 15);
  const isIn = (text: string, line: string) => line.split("…").every((part) => text.includes(part.trim()));
  assertEquals(lines.filter((line) => !sources.some((text) => isIn(text, line))), []);
});
