import { assertEquals } from "@std/assert";
import { numbered } from "../../src/build/word_files.ts";
import { SHELL } from "../../src/admin/words/shell.ts";

Deno.test("numbered puts a word's number in its place, and leaves alone what is no word of the table", async () => {
  const source = (rest: string) =>
    `import { SHELL } from "../words/shell.ts";\nconst t = words(SHELL);\n${rest}`;
  const file = new URL("../../src/admin/pages/any.tsx", import.meta.url);
  const keys = Object.keys(SHELL);
  assertEquals(
    await numbered(
      source('t("close"); t("copied", { n: 1 }); t("no word"); get("close"); x.t("close")'),
      file,
    ),
    source(
      `t(${keys.indexOf("close")}); t(${
        keys.indexOf("copied")
      }, { n: 1 }); t("no word"); get("close"); x.t("close")`,
    ),
  );
});

Deno.test("no word is called by a number: a table's words keep their order", async () => {
  for await (const { name } of Deno.readDir(new URL("../../src/admin/words/", import.meta.url))) {
    const tables = await import(`../../src/admin/words/${name}`) as Record<string, Record<string, unknown>>;
    const keys = Object.values(tables).flatMap((table) => Object.keys(table));
    assertEquals(keys.filter((key) => /^\d/.test(key)), []);
  }
});
