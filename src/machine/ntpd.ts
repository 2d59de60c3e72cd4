// ntpd's monitoring protocol (RFC 9327, NTP mode 6): the system's variables, which ntpd tells to its own machine.

const VERSION_MODE = 0x16; // version 2, mode 6
const READ_VARIABLES = 2;
const RESPONSE = 0x80, ERROR = 0x40;
const HEADER = 12;
const UNSYNCHRONIZED = 3;
/** The source "local clock" in the status word: ntpd serves its own clock, and is no witness. */
const LOCAL_CLOCK = 5;
/** An offset that is still to be corrected: beyond this the clock is not right yet, ms. */
const MAX_OFFSET = 1_000;
const ERA_MS = 2 ** 32 * 1000;
const EPOCH_MS = -2_208_988_800_000; // 1900-01-01

/** The request for the state of the clock. */
export const SYSTEM_REQUEST = requestFor("reftime,offset");

function requestFor(variables: string): Uint8Array {
  const text = new TextEncoder().encode(variables);
  const bytes = new Uint8Array(HEADER + Math.ceil(text.length / 4) * 4);
  bytes.set([VERSION_MODE, READ_VARIABLES, 0, 1]);
  new DataView(bytes.buffer).setUint16(10, text.length);
  bytes.set(text, HEADER);
  return bytes;
}

/**
 * Returns the time of ntpd's last update of the clock, ms since 1970; null: the clock is not synchronized, or the bytes are
 * no such response. `near` tells NTP's eras apart, of 136 years each.
 */
export function readSystemVariables(bytes: Uint8Array, near: number): number | null {
  if (bytes.length < HEADER) return null;
  const [version_mode = 0, kind = 0] = bytes;
  const is_response = (version_mode & 7) === 6 && (kind & (RESPONSE | ERROR)) === RESPONSE &&
    (kind & 31) === READ_VARIABLES;
  const status = new DataView(bytes.buffer, bytes.byteOffset).getUint16(4);
  if (!is_response || status >> 14 === UNSYNCHRONIZED || (status >> 8 & 63) === LOCAL_CLOCK) return null;
  const text = new TextDecoder().decode(bytes.subarray(HEADER));
  const seconds = /\breftime=0x([0-9a-f]{8})/i.exec(text)?.[1];
  const offset = Number(/\boffset=([-+.\de]+)/i.exec(text)?.[1] ?? NaN);
  if (seconds === undefined || seconds === "00000000" || !(Math.abs(offset) <= MAX_OFFSET)) return null;
  const at = parseInt(seconds, 16) * 1000 + EPOCH_MS;
  return at + Math.round((near - at) / ERA_MS) * ERA_MS;
}
