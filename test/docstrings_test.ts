// Docstrings and file-head comments: present on exports of src/, and opening with a verb or a noun phrase.
import { assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

/** Openers that make a docstring a clause instead of a verb or noun phrase. */
const QUESTION_WORD = /^(what|whether|how|who|whom|whose|where|when|which|why)\b/i;
const DOCSTRING = /\/\*\*\s*(?:\*\s*)?/g;
const HEAD = /^(?:#!.*\n)?(?:\/\/ deno-lint.*\n)*(?:\/\/ ?|\/\*\*?\s*(?:\*\s*)?)/;
const EXPORT = /^export (?:default )?(?:async )?(?:abstract )?(?:function\*?|class|interface) (\w+)/;

/** A source file: its path below the root and its text. */
interface Source {
  path: string;
  text: string;
}

async function sourcesIn(folder: string): Promise<Source[]> {
  const found: Source[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await sourcesIn(path));
    else if (/\.tsx?$/.test(name)) found.push({ path, text: await Deno.readTextFile(new URL(path, ROOT)) });
  }
  return found;
}

async function sources(): Promise<Source[]> {
  const all = [...await sourcesIn("src"), ...await sourcesIn("test")];
  return all.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** The places of comments that open with a question word, as `path:line  words`. */
function clauses({ path, text }: Source): string[] {
  const starts = [...text.matchAll(DOCSTRING)].map((match) => match.index + match[0].length);
  const head = HEAD.exec(text)?.[0].length;
  return [...new Set([...head === undefined ? [] : [head], ...starts])]
    .filter((at) => QUESTION_WORD.test(text.slice(at, at + 10)))
    .map((at) =>
      `${path}:${text.slice(0, at).split("\n").length}  ${text.slice(at, at + 40).split("\n")[0]}`
    );
}

/** The exports of a file without a docstring, as `path:line  name`. Overloads share their first one's. */
function undocumented({ path, text }: Source): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, at) => {
    const name = EXPORT.exec(line)?.[1];
    if (name === undefined) return [];
    let above = at - 1;
    while (/^(\/\/ deno-lint|@)/.test(lines[above] ?? "")) above--;
    const told = /\*\/$/.test(lines[above] ?? "") || EXPORT.exec(lines[above] ?? "")?.[1] === name;
    return told ? [] : [`${path}:${at + 1}  ${name}`];
  });
}

Deno.test("docstrings and file heads open with a verb or a noun, not with a question word", async () => {
  assertEquals((await sources()).flatMap(clauses), []);
});

Deno.test("exported functions, classes and interfaces of src have a docstring", async () => {
  const exported = (await sources()).filter(({ path }) => path.startsWith("src/"));
  assertEquals(exported.flatMap(undocumented), []);
});
