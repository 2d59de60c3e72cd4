// Ways to damage a message, as chargers with bad firmware do, and worse.
import fc from "fast-check";

/** A path into a JSON value: names and indices, outermost first. */
type Path = (string | number)[];

/** Values of wrong types and extreme values. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    -0,
    2 ** 31,
    2 ** 63,
    "",
    " ",
    "\0",
    "\ud800",
    {},
    [],
  ),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "NaN",
    "Accepted",
    "1970-01-01T00:00:00Z",
    "0001-01-01",
    "2026-02-31T25:61:00+99",
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.integer({ min: 21, max: 20_000 }).map((length) => "ÿ".repeat(length)),
  fc.jsonValue({ maxDepth: 4 }),
  fc.integer({ min: 1, max: 200 }).map(nested),
);

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { x: value };
  return value;
}

/** One change; its place is a number that is mapped to a path once the message is known. */
interface Damage {
  how: "drop" | "rename" | "replace" | "repeat" | "text" | "add";
  where: number;
  value: unknown;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  how: fc.constantFrom("drop", "rename", "replace", "replace", "replace", "repeat", "text", "add"),
  where: fc.nat(),
  value: junk,
});

/** A payload with one to three changes. */
export function damaged(example: unknown): fc.Arbitrary<unknown> {
  return fc.array(damage, { minLength: 1, maxLength: 3 }).map((damages) =>
    damages.reduce((value, each) => apply(value, each), structuredClone(example))
  );
}

function apply(value: unknown, { how, where, value: with_ }: Damage): unknown {
  const paths = pathsOf(value);
  const path = paths[where % paths.length]!;
  const name = path.at(-1);
  if (name === undefined) return how === "replace" ? with_ : value;
  const parent = at(value, path.slice(0, -1)) as Record<string, unknown>;
  if (how === "drop") delete parent[name];
  else if (how === "replace") parent[name] = with_;
  else if (how === "text") parent[name] = String(parent[name]);
  else if (how === "repeat") parent[name] = [parent[name], parent[name]];
  else if (how === "add") Object.assign(parent, { [nameFor(with_, parent)]: with_ });
  else {
    parent[`${name}_`] = parent[name];
    delete parent[name];
  }
  return value;
}

/** Returns the name under which a value is added; an array refuses to have another length. */
function nameFor(value: unknown, parent: object): string {
  return typeof value === "string" && !(Array.isArray(parent) && value === "length") ? value : "extra";
}

function pathsOf(value: unknown, depth = 0): Path[] {
  if (typeof value !== "object" || value === null || depth > 6) return [[]];
  const below = Object.keys(value).flatMap((name) =>
    pathsOf((value as Record<string, unknown>)[name], depth + 1).map((path) => [name, ...path])
  );
  return [[], ...below];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((found, name) => (found as Record<string | number, unknown>)[name], value);
}

/** A CALL with a damaged frame or text. */
export function damagedText(action: string, payload: unknown): fc.Arbitrary<string> {
  const good = JSON.stringify([2, "good", action, payload]);
  return fc.oneof(
    fc.nat({ max: good.length }).map((length) => good.slice(0, length)),
    fc.tuple(fc.nat({ max: good.length }), fc.string({ unit: "binary", maxLength: 5 })).map(([at, text]) =>
      good.slice(0, at) + text + good.slice(at)
    ),
    fc.tuple(fc.nat({ max: good.length }), fc.nat({ max: 20 })).map(([at, length]) =>
      good.slice(0, at) + good.slice(at + length)
    ),
    fc.array(junk, { maxLength: 6 }).map((frame) => JSON.stringify(frame)),
    fc.tuple(junk, junk, junk).map(([type, id, name]) => JSON.stringify([type, id, name, payload])),
    junk.map((id) => JSON.stringify([2, id, action, payload])),
    fc.array(junk, { maxLength: 4 }).map((more) => JSON.stringify([2, "good", action, payload, ...more])),
  );
}
