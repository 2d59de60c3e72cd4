// Time-based one-time passwords (RFC 6238): SHA-1, six digits, a new code every 30 s, which is what all authenticator apps do.
import { node } from "../../node.ts";

const STEP_MS = 30_000;
const SECRET_BYTES = 20;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Returns a random secret as base32. */
export function newSecret(): string {
  return toBase32(node("crypto").randomBytes(SECRET_BYTES));
}

/** Returns the URI that a QR code holds for an authenticator app. */
export function secretUri(secret: string, { account, issuer }: { account: string; issuer: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

/** Returns the code of a time, ms since 1970. */
export function codeAt(secret: string, at: number): string {
  return codeOf(secret, Math.floor(at / STEP_MS));
}

/** Returns the time step of a code, at most one from the current one; null: the code belongs to none of these. */
export function stepOf(secret: string, code: string, now: number): number | null {
  const current = Math.floor(now / STEP_MS);
  const steps = [current, current - 1, current + 1];
  return steps.find((step) => isSame(codeOf(secret, step), code)) ?? null;
}

/** The value of RFC 4226 §5.3 for a counter. */
function codeOf(secret: string, step: number): string {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const hmac = node("crypto").createHmac("sha1", fromBase32(secret)).update(new Uint8Array(counter.buffer))
    .digest();
  const offset = hmac.at(-1)! & 0xf;
  return String((hmac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length &&
    node("crypto").timingSafeEqual(new TextEncoder().encode(a), new TextEncoder().encode(b));
}

function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[parseInt(five.padEnd(5, "0"), 2)]).join("");
}

function fromBase32(text: string): Uint8Array {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
}
