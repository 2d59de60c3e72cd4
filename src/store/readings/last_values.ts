// The last MeterValues.req of a charger: its rows in the journal, after compaction a snapshot.
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Mutation } from "../kv/mutation.ts";
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

const encoder = new TextEncoder();
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

/** Returns a payload's snapshot: JSON, a long one deflated; null: even that is too long for one value. */
function toSnapshot(json: string): Uint8Array | null {
  const bytes = encoder.encode(json);
  if (bytes.length <= MAX_BYTES) return bytes;
  const short = new Uint8Array(deflateRawSync(bytes));
  return short.length <= MAX_BYTES ? short : null;
}

/** Reads all snapshots and passes their JSON to `found`. */
export async function loadSnapshots(
  { read, keys, damaged }: QuerySource,
  found: (charger_id: string, json: string) => void,
): Promise<void> {
  const prefix = [...keys.last_meter_values];
  for await (const { key, value } of read.list<Uint8Array>({ prefix }, { batchSize: 200 })) {
    const charger_id = String(key.at(-1));
    try {
      found(charger_id, fromSnapshot(value));
    } catch (error) {
      damaged(`last meter values of ${charger_id}`, error);
    }
  }
}

/** Returns the JSON of a snapshot. Throws Error if it is damaged. */
function fromSnapshot(bytes: Uint8Array): string {
  const json = decoder.decode(bytes[0] === BRACE ? bytes : inflateRawSync(bytes));
  JSON.parse(json);
  return json;
}
