import { assert, assertEquals } from "@std/assert";
import { GLOSSARY } from "../../src/i18n/glossary.ts";
import { allTexts, type Messages, translator } from "../../src/i18n/messages.ts";

const FOLDER = new URL("../../src/i18n/", import.meta.url);
const FOLDERS = ["admin/", "pages/", "services/"];

interface Entry {
  at: string;
  en: string;
  es: string;
}

async function allMessages(): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const folder of FOLDERS) {
    for await (const { name } of Deno.readDir(new URL(folder, FOLDER))) {
      const tables = await import(new URL(folder + name, FOLDER).href) as Record<string, Messages>;
      for (const [table, messages] of Object.entries(tables)) {
        for (const [key, [en, es]] of Object.entries(messages)) {
          entries.push({ at: `${folder}${name} ${table}.${key}`, en, es });
        }
      }
    }
  }
  return entries;
}

Deno.test("every message is there in English and Spanish, with the same placeholders", async () => {
  const holes = (text: string) =>
    [...new Set([...text.matchAll(/\{(\w+)(?:\|[^|{}]*\|[^|{}]*)?\}/g)].map(([, hole]) => hole))].sort();
  const entries = await allMessages();
  assert(entries.length > 300);
  for (const { at, en, es } of entries) {
    assert(en.trim() !== "" && es?.trim() !== "", `${at} is empty`);
    assertEquals(holes(es), holes(en), at);
  }
});

Deno.test("Spanish is translated: few messages are the same in both languages", async () => {
  const same = (await allMessages()).filter(({ en, es }) => en === es && en.includes(" "));
  assertEquals(same.map(({ at }) => at), []);
});

Deno.test("counts are words by the language's plural rules, not a plural noun behind a number", async () => {
  const by_hand = (await allMessages()).filter(({ en, es }) =>
    /\{n\} (?!is\b|was\b)[a-z]+s\b/.test(en) ||
    /\((s|es)\)/.test(en + es) || /[{}|]/.test((en + es).replaceAll(/\{\w+(\|[^|{}]*\|[^|{}]*)?\}/g, ""))
  );
  assertEquals(by_hand.map(({ at, en }) => `${at}: ${en}`), []);
});

Deno.test("one word for one thing: no text uses a word that the glossary gives another name", async () => {
  const wrong = GLOSSARY.flatMap(({ never = [] }) => never).map((word) => new RegExp(`\\b${word}s?\\b`, "i"));
  const found = (await allMessages()).filter(({ at, en, es }) =>
    !EXPERT.test(at) && wrong.some((word) => word.test(en) || word.test(es))
  );
  assertEquals(found.map(({ at, en, es }) => `${at}: ${en} | ${es}`), []);
});

/** Texts for people who test OCPP itself. */
const EXPERT = /scenarios|ocpp_state|commissioning/;

const TABLE = {
  all: ["{n|# card is|# cards are} blocked", "{n|# tarjeta bloqueada|# tarjetas bloqueadas}"],
  of: ["{n} of {all}", "{n} de {all}"],
  step: ["After {name}", "Tras {name}"],
} satisfies Messages;

Deno.test("translator fills values in, and shows a key that has no message as it is", () => {
  const t = translator<Messages>(TABLE, "es");
  assertEquals(t("of", { n: 0, all: 3 }), "0 de 3");
  assertEquals([0, 1, 2].map((n) => t("all", { n })), [
    "0 tarjetas bloqueadas",
    "1 tarjeta bloqueada",
    "2 tarjetas bloqueadas",
  ]);
  assertEquals(t("Charging"), "Charging");
  for (const name of ["constructor", "toString", "__proto__"]) assertEquals(t(name), name);
});

Deno.test("allTexts fills a value that has a text in each language in by language", () => {
  const text = allTexts(TABLE)("step", { name: { en: "Tag", es: "Tarjeta" } });
  assertEquals(text, { en: "After Tag", es: "Tras Tarjeta" });
});
