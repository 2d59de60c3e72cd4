// Imports go one way (see the map in the README).
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../src/", import.meta.url);

/** The rooms that each room may import from, besides itself. `config` and `log` are for anyone. */
const MAY_IMPORT: Record<string, string[]> = {
  ocpp: ["v16"],
  store: ["ocpp", "v16"],
  site: ["ocpp", "store", "v16"],
  v16: ["ocpp", "store", "site"],
  machine: ["ocpp", "store", "site"],
  central: ["ocpp", "store", "site", "v16", "machine"],
  map: [],
  simulator: ["ocpp", "site", "v16"],
  services: ["ocpp", "store", "site", "machine", "central", "simulator", "v16"],
  http: ["ocpp", "store", "site", "machine", "central", "simulator", "services", "map", "v16"],
  cli: ["ocpp", "store", "site", "machine", "central", "simulator", "services", "http", "build", "v16"],
  build: [],
  i18n: [],
  admin: ["ocpp", "store", "site", "http", "v16"],
};
const FOR_ANYONE = ["config.ts", "i18n", "log.ts", "paths.ts", "version.ts"];

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

Deno.test("schemas are built with ocpp/schema_builder.ts: TypeBox's own builder would cost a third of the start", async () => {
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
