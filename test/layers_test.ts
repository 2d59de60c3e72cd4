// Imports go one way (see the map in the README).
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../src/", import.meta.url);

/** The rooms that each room may import from, besides itself. `config` and `log` are for anyone. */
const MAY_IMPORT: Record<string, string[]> = {
  ocpp: [],
  store: ["ocpp"],
  actions: ["ocpp", "store"],
  central: ["ocpp", "store", "actions"],
  map: [],
  simulator: ["ocpp", "actions"],
  http: ["ocpp", "store", "actions", "central", "simulator", "map"],
  cli: ["ocpp", "store", "actions", "central", "simulator", "http", "build"],
  build: [],
  admin: ["ocpp", "store", "actions", "http"],
};
const FOR_ANYONE = ["config.ts", "log.ts", "version.ts"];

Deno.test("imports between rooms go one way", async () => {
  const wrong: string[] = [];
  for await (const file of sourceFiles(ROOT)) {
    const room = roomOf(file);
    for (const target of await importsOf(file)) {
      const other = roomOf(target);
      if (FOR_ANYONE.includes(other) || other === room) continue;
      if (!MAY_IMPORT[room]?.includes(other)) wrong.push(`${short(file)} imports ${short(target)}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("the gateway starts without the simulator: only its options are loaded before one runs", async () => {
  const loaded = new Set<string>();
  const load = async (file: URL): Promise<void> => {
    if (loaded.has(file.href)) return;
    loaded.add(file.href);
    for (const target of await importsAtOnce(file)) await load(target);
  };
  await load(new URL("cli/gateway.ts", ROOT));
  const simulator = [...loaded].map((href) => short(new URL(href))).filter((name) =>
    name.startsWith("simulator/")
  );
  assert(loaded.size > 100);
  assertEquals(simulator, ["simulator/config.ts"]);
});

Deno.test("schemas are built with ocpp/type.ts: TypeBox's own builder would cost a third of the start", async () => {
  const wrong: string[] = [];
  for await (const file of sourceFiles(ROOT)) {
    const text = await Deno.readTextFile(file);
    if (/^import (?!type\b)[^;]*?from "typebox(\/compile|\/value|\/type)?"/m.test(text)) {
      wrong.push(short(file));
    }
  }
  assertEquals(wrong, []);
});

async function* sourceFiles(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sourceFiles(new URL(`${name}/`, folder));
    else if (/\.tsx?$/.test(name)) yield new URL(name, folder);
  }
}

async function importsOf(file: URL): Promise<URL[]> {
  const text = await Deno.readTextFile(file);
  const found = text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g);
  return [...found].map(([, path]) => new URL(path!, file)).filter((url) => url.href.startsWith(ROOT.href));
}

/** What is loaded with a file: neither types alone nor what is imported when it is needed. */
async function importsAtOnce(file: URL): Promise<URL[]> {
  const text = await Deno.readTextFile(file);
  const found = text.matchAll(/^(?:import|export)(?! type\b)[^;]*?from "(\.[^"]+\.tsx?)"/gm);
  return [...found].map(([, path]) => new URL(path!, file));
}

function roomOf(file: URL): string {
  return short(file).split("/")[0]!;
}

function short(file: URL): string {
  return file.href.slice(ROOT.href.length);
}
