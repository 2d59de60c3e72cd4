// Imports go one way (see the map in the README).
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../src/", import.meta.url);

/** The rooms that each room may import from, besides itself. `FOR_ANYONE` names what all may import. */
const MAY_IMPORT: Record<string, string[]> = {
  ocpp: [],
  store: ["ocpp"],
  site: ["ocpp", "store"],
  v16: ["ocpp", "store", "site"],
  machine: ["ocpp", "store", "site"],
  central: ["ocpp", "store", "site", "machine"],
  fleet: ["ocpp", "store"],
  map: [],
  simulator: ["ocpp", "site", "v16"],
  services: ["ocpp", "store", "site", "machine", "central", "simulator"],
  http: ["ocpp", "store", "site", "machine", "central", "simulator", "services", "map"],
  cli: [
    "ocpp",
    "store",
    "site",
    "machine",
    "central",
    "simulator",
    "services",
    "http",
    "build",
    "fleet",
    "v16",
  ],
  build: ["store"],
  i18n: [],
  admin: ["ocpp", "store", "site", "http"],
};
const FOR_ANYONE = [
  "calendar.ts",
  "config.ts",
  "event_loop.ts",
  "i18n",
  "log.ts",
  "node.ts",
  "paths.ts",
  "version.ts",
];

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

Deno.test("the gateway starts without Node's modules, which take longer to load than its own: all but SQLite are loaded when used", async () => {
  const loaded = new Set<string>();
  const found: string[] = [];
  const load = async (file: URL): Promise<void> => {
    if (loaded.has(file.href)) return;
    loaded.add(file.href);
    const text = await Deno.readTextFile(file);
    for (const [, module] of text.matchAll(/^import (?!type\b)[^;]*?from "node:(\w+)"/gm)) {
      if (module !== "sqlite") found.push(`${short(file)}: ${module}`);
    }
    for (const target of await importsAtOnce(file)) await load(target);
  };
  for (const first of ["../main.ts", "cli/serve.ts", "cli/run_gateway.ts"]) await load(new URL(first, ROOT));
  assert(loaded.size > 400);
  assertEquals(found, []);
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

Deno.test("no file imports itself by way of others, not even for types", async () => {
  const graph = new Map<string, string[]>();
  for await (const file of sourceFiles(ROOT)) graph.set(short(file), (await importsOf(file)).map(short));
  assertEquals(circlesIn(graph).map((files) => files.sort()), []);
});

async function* sourceFiles(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sourceFiles(new URL(`${name}/`, folder));
    else if (/\.tsx?$/.test(name)) yield new URL(name, folder);
  }
}

/** The sets of more than one file that all import each other, directly or not (Tarjan's algorithm). */
function circlesIn(graph: Map<string, string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    low.set(file, order.get(file)!);
    stack.push(file);
    for (const target of graph.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (stack.includes(target)) low.set(file, Math.min(low.get(file)!, low.get(target)!));
    }
    if (low.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) circles.push(circle);
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}

async function importsOf(file: URL): Promise<URL[]> {
  const text = await Deno.readTextFile(file);
  const found = text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g);
  return [...found].map(([, path]) => new URL(path!, file)).filter((url) => url.href.startsWith(ROOT.href));
}

/** Returns the modules loaded with a file, without type-only and dynamic imports. */
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
