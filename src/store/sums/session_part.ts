// The part of a session in one day, UTC: what sums of energy and time are made of.

import { fromBytes, sealedText } from "../kv/codec.ts";

/** A quarter-hour, ms: the offsets of all time zones in use are multiples of it, so that its sums fit any of them. */
export const QUARTER = 900_000;
/** A day, UTC, ms. */
export const UTC_DAY = 86_400_000;

/** The part of a session in one day, UTC. Times are ms since its midnight, energy is mWh. */
export interface SessionPart {
  transaction_id: number;
  charger_id: string;
  connector_id: number;
  id_tag: string;
  simulated: boolean;
  /** The session starts in this part. */
  starts: boolean;
  /** The flags of the session, in the part in which it starts. */
  flags: readonly string[];
  /** The time connected. */
  from: number;
  to: number;
  /** Spans in which energy flowed, as pairs of from and to, in order. */
  charging: number[];
  /** The quarter-hour of the first value of `energy`, 0 to 95. */
  first: number;
  /** Energy by quarter-hour. */
  energy: number[];
}

/** A part as it is stored; energy is Wh, mostly whole, which makes it short. */
type StoredPart = [
  transaction_id: number,
  charger_id: string,
  connector_id: number,
  id_tag: string,
  bits: number,
  from: number,
  to: number,
  charging: number[],
  first: number,
  energy: number[],
  flags?: string,
];

const NONE: readonly string[] = [];
const SIMULATED = 1;
const STARTS = 2;
const VALUE_BYTES = 60_000; // Deno KV allows 65,536

/** Returns the parts of a day as values for the database. */
export function encodeParts(parts: readonly SessionPart[]): Uint8Array[] {
  const values: Uint8Array[] = [];
  let rows: string[] = [];
  let bytes = 0;
  for (const part of parts) {
    const row = JSON.stringify(toStored(part));
    const more = row.length * 3 + 1;
    if (bytes + more > VALUE_BYTES) {
      values.push(sealedText(`[${rows.join(",")}]`));
      rows = [];
      bytes = 0;
    }
    rows.push(row);
    // deno-lint-ignore no-control-regex
    bytes += /^[\x00-\x7f]*$/.test(row) ? row.length + 1 : more;
  }
  if (rows.length > 0) values.push(sealedText(`[${rows.join(",")}]`));
  return values;
}

/** Returns the parts in a value of the database. Throws DamagedError. */
export function decodeParts(value: Uint8Array): SessionPart[] {
  return fromBytes<StoredPart[]>(value).map(fromStored);
}

function toStored(part: SessionPart): StoredPart {
  const { transaction_id, charger_id, connector_id, id_tag, from, to, charging, first, energy } = part;
  const bits = (part.simulated ? SIMULATED : 0) | (part.starts ? STARTS : 0);
  const wh = energy.map((milli) => milli / 1000);
  const flags: [flags?: string] = part.flags.length > 0 ? [part.flags.join(" ")] : [];
  return [transaction_id, charger_id, connector_id, id_tag, bits, from, to, charging, first, wh, ...flags];
}

function fromStored(stored: StoredPart): SessionPart {
  const [transaction_id, charger_id, connector_id, id_tag, bits, from, to, charging, first, wh, flags] =
    stored;
  return {
    transaction_id,
    charger_id,
    connector_id,
    id_tag,
    simulated: (bits & SIMULATED) !== 0,
    starts: (bits & STARTS) !== 0,
    flags: flags ? flags.split(" ") : NONE,
    from,
    to,
    charging,
    first,
    energy: wh.map((amount) => Math.round(amount * 1000)),
  };
}
