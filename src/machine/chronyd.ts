// chronyd's monitoring protocol (candm.h of chrony, version 6): the command `tracking`, which anybody on the machine may ask.

const VERSION = 6;
const REQUEST = 1, REPLY = 2;
const TRACKING = 33; // the command
const TRACKING_REPLY = 5;
const LENGTH = 104; // a request is as long as its reply
const UNSYNCHRONIZED = 3;
/** The reference of a chronyd that serves its own clock (`local`): no witness. */
const LOCAL_REFERENCE = 0x7f7f0101;
/** A correction that is still to be made: beyond this the clock is not right yet, s. */
const MAX_CORRECTION = 1;

/** The request for the state of the clock. */
export const TRACKING_REQUEST = requestOf(TRACKING);

function requestOf(command: number): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  bytes.set([VERSION, REQUEST]);
  new DataView(bytes.buffer).setUint16(4, command);
  return bytes;
}

/**
 * Returns the time of chronyd's last update of the clock, ms since 1970; null: the clock is not synchronized, or the bytes
 * are no such reply.
 */
export function readTracking(bytes: Uint8Array): number | null {
  if (bytes.length < LENGTH) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const is_reply = view.getUint8(0) === VERSION && view.getUint8(1) === REPLY &&
    view.getUint16(4) === TRACKING && view.getUint16(6) === TRACKING_REPLY && view.getUint16(8) === 0;
  if (!is_reply) return null;
  const reference = view.getUint32(28);
  const leap = view.getUint16(54);
  if (leap === UNSYNCHRONIZED || reference === 0 || reference === LOCAL_REFERENCE) return null;
  if (Math.abs(floatAt(view, 68)) > MAX_CORRECTION) return null;
  return view.getUint32(60) * 1000 + Math.floor(view.getUint32(64) / 1e6) + highSeconds(view.getUint32(56));
}

/** Returns the upper half of the seconds; some versions send 0x7fffffff where there is none. */
function highSeconds(high: number): number {
  return high === 0x7fffffff ? 0 : high * 2 ** 32 * 1000;
}

/** Returns a number in chrony's format: an exponent of 7 bits and a coefficient of 25, both signed. */
function floatAt(view: DataView, offset: number): number {
  const bits = view.getInt32(offset);
  const coefficient = bits << 7 >> 7;
  return coefficient * 2 ** ((bits >> 25) - 25);
}
