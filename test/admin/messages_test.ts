import { assertEquals } from "@std/assert";
import { ACTIVITY, ACTIVITY_LINES } from "../../src/i18n/admin/activity.ts";
import { ACTIVITY_GROUPS, ACTIVITY_KINDS } from "../../src/store/store.ts";
import { FLAGS } from "../../src/site/sessions/flags.ts";
import { SCENARIOS } from "../../src/i18n/admin/scenarios.ts";
import { FLAGS as FLAG_MESSAGES } from "../../src/i18n/admin/sessions.ts";
import { scenarioNamed, scenarioNames } from "../../src/simulator/scenarios/library.ts";

Deno.test("every message that a page asks for is in its table", async () => {
  const missing: string[] = [];
  for await (const file of sources(new URL("../../src/admin/", import.meta.url))) {
    const text = await Deno.readTextFile(file);
    for (const [, name, table] of text.matchAll(/const (\w+) = messages\((\w+)\);/g)) {
      const imported = text.match(
        new RegExp(`import \\{[^}]*?(?:(\\w+) as )?\\b${table}\\b[^}]*\\} from "([^"]+i18n/admin/[^"]+)"`),
      );
      const tables = imported && await import(new URL(imported[2]!, file).href);
      const table_messages = tables?.[imported?.[1] ?? table!] as Record<string, unknown> | undefined;
      if (!table_messages) {
        missing.push(`${file.pathname}: ${table}`);
        continue;
      }
      for (const [, key] of text.matchAll(new RegExp(`\\b${name}\\("([\\w-]+)"`, "g"))) {
        if (!(key! in table_messages)) {
          missing.push(`${file.pathname.split("/admin/")[1]}: ${name}("${key}")`);
        }
      }
    }
  }
  assertEquals(missing, []);
});

Deno.test("no page shows a text that is not in a table", async () => {
  const found: string[] = [];
  for await (const file of sources(new URL("../../src/admin/", import.meta.url))) {
    if (!file.pathname.endsWith(".tsx")) continue;
    const text = await Deno.readTextFile(file);
    for (
      const [, shown] of text.matchAll(
        /<(?:h1|h2|h3|p|b|button|th|dt|label|legend)(?: [^<>={}]*)?>\s*([A-Z][a-z]+[^<>{}]*)</g,
      )
    ) {
      found.push(`${file.pathname.split("/admin/")[1]}: ${shown!.trim()}`);
    }
  }
  assertEquals(found, []);
});

Deno.test("every flag of a session has a message", () => {
  assertEquals(Object.keys(FLAGS).filter((flag) => !(flag in FLAG_MESSAGES)), []);
});

Deno.test("every kind of the event log has a sentence and is in one group, which has a name", () => {
  assertEquals(Object.keys(ACTIVITY_LINES), [...ACTIVITY_KINDS]);
  assertEquals(Object.values(ACTIVITY_GROUPS).flat().toSorted(), ACTIVITY_KINDS.toSorted());
  assertEquals(Object.keys(ACTIVITY_GROUPS).filter((name) => !(name in ACTIVITY)), []);
});

Deno.test("every ready scenario has its sentence, in English as it has it itself", () => {
  const own = scenarioNames().map((name) => [name, scenarioNamed(name)!.about]);
  assertEquals(Object.entries(SCENARIOS).map(([name, [en]]) => [name, en]), own);
});

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(new URL(`${name}/`, folder));
    else if (/\.tsx?$/.test(name)) yield new URL(name, folder);
  }
}
