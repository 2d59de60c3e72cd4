// The last MeterValues.req of a charger: its rows in the journal, after compaction a snapshot.
import { node } from "../../node.ts";
import { sealedText } from "../kv/codec.ts";
import type { Mutation } from "../kv/mutation.ts";
import { DamagedError, isSealed, unsealed } from "../kv/seal.ts";
import type { ChargerMemtable, Journal, Row } from "./journal.ts";
import { joined, messageOf, type MeterMessage } from "./record_codec.ts";
import type { QuerySource } from "./query.ts";
import type { RawMeterValue } from "./sample.ts";

/** The payload of a MeterValues.req as received. */
export interface LastMeterValues {
  connectorId: number;
  transactionId?: number;
  meterValue: RawMeterValue[];
}

const MAX_BYTES = 60_000;
const BRACE = 123;

const decoder = new TextDecoder();

/** Returns the charger's last payload. Throws Error if it is damaged. */
export function lastValues({ last }: ChargerMemtable, journal: Journal): LastMeterValues | null {
  if (last?.rows) return payloadIn(last.rows, journal);
  return last?.json ? JSON.parse(last.json) as LastMeterValues : null;
}

/** Returns the mutation that stores a snapshot, if compaction up to `upto` includes the charger's last payload. */
export function lastSnapshot(
  charger: ChargerMemtable,
  upto: number,
  journal: Journal,
  prefix: Deno.KvKey,
): Mutation[] {
  const { last } = charger;
  if (!last?.rows || last.rows.some(({ n }) => n > upto)) return [];
  last.json = JSON.stringify(payloadIn(last.rows, journal));
  return [{ key: [...prefix, charger.charger_id], value: toSnapshot(last.json) }];
}

function payloadIn(rows: readonly Row[], journal: Journal): LastMeterValues {
  return payloadOf(
    rows.map((row) => messageOf(row.charger.charger_id, journal.read(row)))
      .reduce((whole, part, index) => joined(whole, part, rows[index]!.flags)),
  );
}

function payloadOf(
  { connector_id, transaction_id, request_transaction_id, meter_value }: MeterMessage,
): LastMeterValues {
  const transactionId = request_transaction_id === undefined ? transaction_id : request_transaction_id;
  return {
    connectorId: connector_id,
    ...(transactionId === null ? {} : { transactionId }),
    meterValue: meter_value,
  };
}

/** Returns a payload's snapshot: sealed JSON, a long one deflated; null: even that is too long for one value. */
function toSnapshot(json: string): Uint8Array | null {
  const bytes = sealedText(json);
  if (bytes.length <= MAX_BYTES) return bytes;
  const short = new Uint8Array(node("zlib").deflateRawSync(bytes));
  return short.length <= MAX_BYTES ? short : null;
}

/** Reads all snapshots and passes their JSON to `found`. */
export async function loadSnapshots(
  { read, keys, damagedValue }: QuerySource,
  found: (charger_id: string, json: string) => void,
): Promise<void> {
  const prefix = [...keys.last_meter_values];
  for await (const entry of read.list<Uint8Array>({ prefix }, { batchSize: 200 })) {
    const charger_id = String(entry.key.at(-1));
    try {
      found(charger_id, fromSnapshot(entry.value));
    } catch (error) {
      damagedValue(entry, error);
    }
  }
}

/** Checks a snapshot; returns false for one without a seal. Throws DamagedError. */
export function checkSnapshot(bytes: Uint8Array): boolean {
  fromSnapshot(bytes);
  return bytes[0] !== BRACE || isSealed(bytes);
}

/** Returns the JSON of a snapshot. Throws DamagedError. */
function fromSnapshot(bytes: Uint8Array): string {
  try {
    const json = decoder.decode(unsealed(bytes[0] === BRACE ? bytes : node("zlib").inflateRawSync(bytes)));
    JSON.parse(json);
    return json;
  } catch (error) {
    if (error instanceof DamagedError) throw error;
    throw new DamagedError("Cannot read last meter values: they are damaged");
  }
}
