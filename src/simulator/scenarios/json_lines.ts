// A JSON parser that keeps line numbers: JSON.parse gives none for values, and not always one for errors.

/** A syntax error in a JSON text, with its line. */
export class JsonFault extends Error {
  override readonly name = "JsonFault";

  constructor(readonly line: number, message: string) {
    super(message);
  }
}

/** A JSON value, and the lines (from 1) on which its parts begin, by JSON pointer such as `/steps/3`. */
export interface Lined {
  value: unknown;
  lines: Map<string, number>;
}

/** Reads JSON (RFC 8259). Throws JsonFault. */
export function readLined(text: string): Lined {
  const reader = new Reader(text);
  const value = reader.read("");
  reader.end();
  return { value, lines: reader.lines };
}

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\\n]|\\.)*")|([^\s{}[\],:"]+))/y;

class Reader {
  readonly lines = new Map<string, number>();
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  read(path: string): unknown {
    const token = this.#take("a value");
    this.lines.set(path, this.#line);
    if (token === "{") return this.#object(path);
    if (token === "[") return this.#array(path);
    return this.#literal(token);
  }

  end(): void {
    if (this.#text.slice(this.#at).trim() !== "") this.#fail(`the end was expected, not ${this.#take("")}`);
  }

  #object(path: string): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    if (this.#skip("}")) return object;
    do {
      const key = this.#literal(this.#take("a key"));
      if (typeof key !== "string") this.#fail("a key must be text");
      this.#expect(":");
      const name = key.replaceAll("~", "~0").replaceAll("/", "~1");
      Object.defineProperty(object, key, {
        value: this.read(`${path}/${name}`),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } while (this.#skip(","));
    this.#expect("}");
    return object;
  }

  #array(path: string): unknown[] {
    const array: unknown[] = [];
    if (this.#skip("]")) return array;
    do array.push(this.read(`${path}/${array.length}`)); while (this.#skip(","));
    this.#expect("]");
    return array;
  }

  #literal(token: string): unknown {
    try {
      return JSON.parse(token);
    } catch {
      this.#fail(`${token.slice(0, 40)} is no JSON value`);
    }
  }

  #skip(sign: string): boolean {
    const { at, line } = { at: this.#at, line: this.#line };
    if (this.#take(`'${sign}'`) === sign) return true;
    [this.#at, this.#line] = [at, line];
    return false;
  }

  #expect(sign: string): void {
    const token = this.#take(`'${sign}'`);
    if (token !== sign) this.#fail(`'${sign}' was expected, not ${token.slice(0, 40)}`);
  }

  #take(expected: string): string {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.#text);
    const passed = match?.[0] ?? /^\s*/.exec(this.#text.slice(this.#at))![0];
    this.#line += passed.split("\n").length - 1;
    if (!match) this.#fail(`${expected} was expected`);
    this.#at = TOKEN.lastIndex;
    return match[1] ?? match[2] ?? match[3]!;
  }

  #fail(message: string): never {
    throw new JsonFault(this.#line, message);
  }
}
