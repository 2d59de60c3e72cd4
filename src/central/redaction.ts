// Redaction of messages: keys and passwords are masked before they are stored or shown.
import { isMask, isSecretKey, MASK } from "../site/configuration/secrets.ts";
import { isRecord } from "../ocpp/frame.ts";

const SECRET = /authorizationkey|passw|passphrase|secret|token|apikey|privatekey|wpa|psk/i;
/** Matches texts that may contain a secret; others need no parsing. */
const HINT = new RegExp(`${SECRET.source}|key"`, "i");

const TOKEN = /(\/files\/(?:firmware|upload)\/)[0-9a-f]{32}/g;

const MASKED_URL = /:\/\/\*{3}@|\/files\/(firmware|upload)\/\*{3}/;

/** Returns the text of a frame with the values of secret configuration keys and credentials in URLs masked. */
export function maskSecrets(text: string): string {
  if (!HINT.test(text) && !text.includes("://")) return text;
  try {
    return JSON.stringify(mask(JSON.parse(text)));
  } catch {
    return SECRET.test(text)
      ? text.slice(0, 40).replaceAll(/"value"\s*:.*/g, '"value":"***"') + "… (masked)"
      : maskUrl(text);
  }
}

/** Returns a JSON value with its secrets masked. */
export function mask(value: unknown, depth = 0): unknown {
  if (depth > 32) return MASK;
  if (typeof value === "string") return maskUrl(value);
  if (Array.isArray(value)) return value.map((item) => mask(item, depth + 1));
  if (!isRecord(value)) return value;
  const secret = typeof value.key === "string" && isSecretKey(value.key);
  return Object.fromEntries(
    Object.entries(value).map((
      [name, item],
    ) => [name, isMasked(name, item, secret) ? MASK : mask(item, depth + 1)]),
  );
}

/** Returns true if a JSON value has a mask in place of a secret, as if copied from the message log. */
export function holdsMask(value: unknown): boolean {
  if (typeof value === "string") return MASKED_URL.test(value);
  if (Array.isArray(value)) return value.some(holdsMask);
  if (!isRecord(value)) return false;
  const secret = typeof value.key === "string" && isSecretKey(value.key);
  return Object.entries(value).some(([name, item]) =>
    isMasked(name, item, secret) ? isMask(item) : holdsMask(item)
  );
}

/** Returns true if a field's value is secret, by the name of the field or by the configuration key beside it. */
function isMasked(name: string, item: unknown, secret: boolean): boolean {
  if (secret && name === "value") return true;
  return SECRET.test(name) || (typeof item === "string" && name !== "key" && isSecretKey(name));
}

/** Masks credentials in URLs and the tokens in the gateway's own URLs, in a time that grows with the length only. */
function maskUrl(text: string): string {
  return text.replaceAll(/(?<=\w:\/\/)[^/@\s]+@/g, `${MASK}@`).replaceAll(TOKEN, `$1${MASK}`);
}
