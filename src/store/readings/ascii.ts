// Encoding of any text as printable ASCII on one line.

const SPACE = 32, TILDE = 126, QUOTE = 34;

/** Returns the text itself if it is printable ASCII and does not begin with a quote, else a JSON string of ASCII. */
export function toAscii(text: string): string {
  if (text.charCodeAt(0) === QUOTE) return asciiJson(text);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < SPACE || code > TILDE) return asciiJson(text);
  }
  return text;
}

/** Reverses `toAscii`. Throws SyntaxError. */
export function fromAscii(text: string): string {
  return text.charCodeAt(0) === QUOTE ? JSON.parse(text) as string : text;
}

/** Returns JSON of ASCII characters only: lone surrogates are preserved, and a character is a byte. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\x7f-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
