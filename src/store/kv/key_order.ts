// The order of Deno KV's keys that are made of texts and numbers.

const SURROGATES = 0xd800;
const AFTER_SURROGATES = 0xe000;

/** Compares two keys as Deno KV orders them; less than 0: `a` comes first. */
export function compareKeys(a: Deno.KvKey, b: Deno.KvKey): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = compareParts(a[index]!, b[index]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Compares two parts: texts come before numbers. */
function compareParts(a: Deno.KvKeyPart, b: Deno.KvKeyPart): number {
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return typeof a === "string" ? -1 : 1;
}

/** Compares two texts by their bytes in UTF-8, which is the order of their code points. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Returns a UTF-16 code unit's place: those of pairs come last. */
function rank(unit: number): number {
  return unit >= SURROGATES && unit < AFTER_SURROGATES ? unit + 0x10000 : unit;
}
