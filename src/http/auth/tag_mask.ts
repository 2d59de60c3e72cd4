// RFID tags as viewers see them. Whoever knows a tag's number can make a card that starts sessions in its holder's name.
import { node } from "../../node.ts";
import type { Context } from "hono";
import { isRecord } from "../../ocpp/frame.ts";
import { identityOrNull, mayDo } from "./identity.ts";

/** The names of fields that hold a tag, in records and in OCPP messages. */
const FIELDS = /^(id_?tag|parent_?id_?tag|rfid)$/i;
/** The fields of a local list whose keys are tags. */
const KEYED = new Set(["tags", "wanted"]);
const IN_JSON = /^\s*[[{].*id_?tag/is;
const SHORTEST_IN_SENTENCES = 4;
const KEPT = 4_096;

/** The parts that know how tags are masked. */
export interface TagMaskDeps {
  auth: { readonly tag_mask: TagMask };
}

/** Returns true if the sender of a request may see tags: an operator, an admin. */
export function seesTags(c: Context): boolean {
  const identity = identityOrNull(c);
  return identity === null || mayDo(identity.role, "operator");
}

/** Returns a value as the sender of a request may see it. */
export function shownTo<T>(c: Context, value: T, { auth }: TagMaskDeps): T {
  return seesTags(c) ? value : auth.tag_mask.in(value);
}

/** Returns records as the sender of a request may see them. */
export async function* eachShownTo<T>(
  c: Context,
  records: AsyncIterable<T>,
  deps: TagMaskDeps,
): AsyncGenerator<T> {
  for await (const record of records) yield shownTo(c, record, deps);
}

/**
 * Masks tags. A mask has the last quarter of the tag and a keyed digest, so that sessions of one card can still be
 * counted together. The key changes with each start of the program.
 */
export class TagMask {
  readonly #key = crypto.getRandomValues(new Uint8Array(32));
  /** The masks of the newest tags: a digest takes 5 µs. */
  readonly #known = new Map<string, string>();

  /** Returns a tag's mask: `***F6-k3x9q`; an empty one stays so. */
  of(tag: string): string {
    if (tag === "") return "";
    const upper = tag.toUpperCase();
    const known = this.#known.get(upper);
    if (known !== undefined) return known;
    if (this.#known.size >= KEPT) this.#known.clear();
    const mask = this.#maskOf(upper);
    this.#known.set(upper, mask);
    return mask;
  }

  #maskOf(upper: string): string {
    const digest = node("crypto").createHmac("sha256", this.#key).update(upper).digest();
    const letters = [...digest.subarray(0, 5)].map((byte) => (byte % 32).toString(32)).join("");
    const end = upper.slice(upper.length - Math.floor(upper.length / 4));
    return `***${end}-${letters}`;
  }

  /** Returns the tag of a mask among some tags. */
  find(mask: string, tags: Iterable<string>): string | undefined {
    for (const tag of tags) if (this.of(tag) === mask) return tag;
  }

  /** Returns a copy of a JSON value with its tags masked: in fields, in JSON inside texts, and in sentences. */
  in<T>(value: T): T {
    const found = new Set<string>();
    const masked = this.#fields(value, found);
    return found.size === 0 ? masked as T : inSentences(masked, this.#sentenceMask(found)) as T;
  }

  /** Returns the text of an OCPP message with its tags masked; of a text that is no JSON nothing is shown if it has any. */
  message(text: string): string {
    try {
      return JSON.stringify(this.in(JSON.parse(text)));
    } catch {
      return /id_?tag/i.test(text) ? "***" : text;
    }
  }

  /** Returns the function that masks some tags in a sentence; thousands of tags cost a word no more than one. */
  #sentenceMask(tags: Iterable<string>): (text: string) => string {
    const words = new Set<string>();
    const others: string[] = [];
    for (const tag of tags) {
      if (/\W/.test(tag)) others.push(RegExp.escape(tag));
      else words.add(tag.toUpperCase());
    }
    const other = others.length > 0 ? new RegExp(`(?<!\\w)(?:${others.join("|")})(?!\\w)`, "gi") : null;
    const maskOf = (word: string) => words.has(word.toUpperCase()) ? this.of(word) : word;
    return (text) => {
      const rest = other ? text.replaceAll(other, (tag) => this.of(tag)) : text;
      return rest.replaceAll(/\w+/g, maskOf);
    };
  }

  #fields(value: unknown, found: Set<string>): unknown {
    if (typeof value === "string") return IN_JSON.test(value) ? this.message(value) : value;
    if (Array.isArray(value)) return value.map((item) => this.#fields(item, found));
    return isRecord(value) ? withItems(value, (name, item) => this.#field(name, item, found)) : value;
  }

  #field(name: string, item: unknown, found: Set<string>): unknown {
    if (typeof item === "string" && FIELDS.test(name)) {
      if (item.length >= SHORTEST_IN_SENTENCES) found.add(item);
      return this.of(item);
    }
    if (!KEYED.has(name) || !isRecord(item)) return this.#fields(item, found);
    const entries = Object.entries(item).map(([tag, info]) => [this.of(tag), this.#fields(info, found)]);
    return Object.fromEntries(entries);
  }
}

/** Returns a copy of a JSON value in which `change` has been applied to all texts of several words. */
function inSentences(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return value.includes(" ") ? change(value) : value;
  if (Array.isArray(value)) return value.map((item) => inSentences(item, change));
  return isRecord(value) ? withItems(value, (_, item) => inSentences(item, change)) : value;
}

/** Returns an object with changed fields; itself, if none changes: lists of thousands of records are not copied for nothing. */
function withItems(
  value: Record<string, unknown>,
  change: (name: string, item: unknown) => unknown,
): unknown {
  let changed: Record<string, unknown> | null = null;
  for (const name of Object.keys(value)) {
    const item = change(name, value[name]);
    if (item !== value[name]) (changed ??= { ...value })[name] = item;
  }
  return changed ?? value;
}
