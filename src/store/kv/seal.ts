// The seal of a JSON value: its CRC-32C as 16 characters of white space behind it, two bits each. JSON.parse ignores
// them, so that an older program reads the value as well.
import { crc32c } from "./crc32.ts";

/** A stored value that is not as it was written. Nothing of it is to be used. */
export class DamagedError extends Error {
  override readonly name = "DamagedError";
}

/** Room for the seal, to be put behind the JSON text before it becomes bytes. */
export const SEAL_ROOM = " ".repeat(16);

const LENGTH = SEAL_ROOM.length;
/** Space, tab, line feed, carriage return: the white space of JSON (RFC 8259 §2). */
const DIGITS = [0x20, 0x09, 0x0a, 0x0d] as const;

/** Writes the seal of JSON bytes into the room at their end. */
export function seal(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - LENGTH;
  const crc = crc32c(bytes.subarray(0, end));
  for (let index = 0; index < LENGTH; index++) bytes[end + index] = DIGITS[crc >>> 2 * index & 3]!;
  return bytes;
}

/** Returns the JSON bytes of a value, without its seal. Values of older programs have none. Throws DamagedError. */
export function unsealed(bytes: Uint8Array): Uint8Array {
  if (!isSealed(bytes)) return bytes;
  const end = bytes.length - LENGTH;
  const json = bytes.subarray(0, Math.max(end, 0));
  if (end < 1 || sealIn(bytes, end) !== crc32c(json)) {
    throw new DamagedError("Cannot read value: its checksum is wrong");
  }
  return json;
}

/** Returns true for a value with a seal, right or wrong: JSON texts of the gateway end with no white space. */
export function isSealed(bytes: Uint8Array): boolean {
  return digitOf(bytes.at(-1)) >= 0;
}

/** Returns the CRC-32C in a seal; -1: it is none. */
function sealIn(bytes: Uint8Array, from: number): number {
  let crc = 0;
  for (let index = 0; index < LENGTH; index++) {
    const digit = digitOf(bytes[from + index]);
    if (digit < 0) return -1;
    crc |= digit << 2 * index;
  }
  return crc >>> 0;
}

function digitOf(byte: number | undefined): number {
  return DIGITS.indexOf(byte as typeof DIGITS[number]);
}
