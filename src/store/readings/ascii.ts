// Any text as printable ASCII on one line, and back.

const SPACE = 32, TILDE = 126, QUOTE = 34;

/** The text itself where it is printable ASCII and begins with no quote, else a JSON string of ASCII. */
export function toAscii(text: string): string {
  if (text.charCodeAt(0) === QUOTE) return asciiJson(text);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < SPACE || code > TILDE) return asciiJson(text);
  }
  return text;
}

/** The text that `toAscii` was given. */
export function fromAscii(text: string): string {
  return text.charCodeAt(0) === QUOTE ? JSON.parse(text) as string : text;
}

/** JSON without a character beyond ASCII: lone surrogates survive, and a character is a byte. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\x7f-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
