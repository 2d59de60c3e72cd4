// Where things stand in a JSON text, so that errors can name the line.

/** The lines (from 1) on which the values of a valid JSON text begin, by JSON pointer: `/steps/3`. */
export function linesOf(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|\n/g);
  const path: (string | number)[] = [];
  let line = 1;
  let key: string | null = null;
  const value = () => lines.set(pointer(path), line);
  for (const [token] of tokens) {
    if (token === "\n") line++;
    else if (token === "{" || token === "[") {
      value();
      path.push(token === "[" ? 0 : "");
    } else if (token === "}" || token === "]") path.pop();
    else if (token === ":") path[path.length - 1] = JSON.parse(key!);
    else if (token === ",") next(path);
    else {
      if (token.startsWith('"')) key = token;
      if (path.at(-1) !== "") value();
    }
  }
  return lines;
}

/** After a comma: the next element of an array, or the next key of an object. */
function next(path: (string | number)[]): void {
  const last = path.at(-1);
  path[path.length - 1] = typeof last === "number" ? last + 1 : "";
}

function pointer(path: (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
