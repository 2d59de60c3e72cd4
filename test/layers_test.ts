// Imports go one way (see the map in the README).
import { assertEquals } from "@std/assert";

const ROOT = new URL("../src/", import.meta.url);

/** The rooms that each room may import from, besides itself. `config` and `log` are for anyone. */
const MAY_IMPORT: Record<string, string[]> = {
  ocpp: [],
  store: ["ocpp"],
  actions: ["ocpp", "store"],
  central: ["ocpp", "store", "actions"],
  simulator: ["ocpp", "actions"],
  http: ["ocpp", "store", "actions", "central", "simulator"],
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

function roomOf(file: URL): string {
  return short(file).split("/")[0]!;
}

function short(file: URL): string {
  return file.href.slice(ROOT.href.length);
}
