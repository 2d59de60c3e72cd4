// The rows of the fleet's tables, made from the records that a site sends.
import { type StoredEntry, unpacked } from "../store/activity_codec.ts";
import { type BatchRow, restOf } from "../store/changes/batch.ts";
import { fromBytes } from "../store/kv/codec.ts";
import type { ActivityEntry } from "../store/records/activity.ts";
import type { Charger, Connector } from "../store/records/charger.ts";
import type { Transaction } from "../store/records/transaction.ts";
import { decodeParts, QUARTER, UTC_DAY } from "../store/sums/session_part.ts";

/** A row by its columns. */
export type Row = Record<string, unknown>;

/** The changes of a batch to the tables. Rows of a table replace those with the same key. */
export interface Projection {
  charger: Row[];
  connector: Row[];
  session: Row[];
  energy_part: Row[];
  event: Row[];
  /** The site's name; null: it has not changed. */
  site_name: string | null;
  /** Chargers that are gone, and those whose connectors are sent whole. */
  gone_chargers: string[];
  whole_chargers: string[];
  gone_sessions: number[];
  /** Values of sums whose parts are sent whole, or gone: day and part. */
  whole_days: { day: number; part: number }[];
}

const HOUR = 3_600_000;
const QUARTERS_AN_HOUR = HOUR / QUARTER;
const YEARS: readonly [number, number] = [Date.UTC(2000, 0), Date.UTC(2100, 0)];

/** Returns the changes of rows. What cannot be read is left out: the raw value is stored nevertheless. */
export function projectionOf(rows: readonly BatchRow[]): Projection {
  const into: Projection = {
    charger: [],
    connector: [],
    session: [],
    energy_part: [],
    event: [],
    site_name: null,
    gone_chargers: [],
    whole_chargers: [],
    gone_sessions: [],
    whole_days: [],
  };
  for (const row of rows) {
    try {
      const [table, ...key] = restOf(row.key);
      PROJECTIONS[String(table)]?.(into, { key, value: row.value });
    } catch { /* a damaged record, or one of another program */ }
  }
  return into;
}

/** The energy of a charger in an hour. */
interface HourEnergy {
  charger_id: string;
  hour: string;
  simulated: boolean;
  energy_wh: number;
}

type Project = (into: Projection, row: { key: (string | number)[]; value: Uint8Array | null }) => void;

const CHARGER = [
  ...["charger_id", "name", "vendor", "model", "serial_number", "firmware_version"],
  ...["registration", "latitude", "longitude", "simulated"],
] as (keyof Charger)[];
const CONNECTOR = ["connector_id", "status", "error_code", "info", "since"] as const;
const SESSION = [
  ...["transaction_id", "start_time", "charger_id", "connector_id", "id_tag", "stop_time", "stop_reason"],
  ...["energy_wh", "state", "flags", "simulated"],
] as (keyof Transaction)[];
const EVENT = [
  ...["sequence", "at", "kind", "severity", "charger_id", "connector_id", "user", "values", "count"],
] as (keyof ActivityEntry)[];
/** Fields that the records of an older program lack. */
const EMPTY = { flags: [], simulated: false };

const PROJECTIONS: Record<string, Project> = {
  settings(into, { value }) {
    if (value) into.site_name = fromBytes<{ name?: string }>(value).name ?? "";
  },
  charger(into, { key: [id], value }) {
    if (value) into.charger.push(pick({ ...EMPTY, ...fromBytes<Charger>(value) }, CHARGER));
    else into.gone_chargers.push(String(id));
  },
  connectors(into, { key: [id], value }) {
    const charger_id = String(id);
    into.whole_chargers.push(charger_id);
    const connectors = value ? fromBytes<Connector[]>(value) : [];
    into.connector.push(...connectors.map((connector) => ({ charger_id, ...pick(connector, CONNECTOR) })));
  },
  transaction(into, { key: [id], value }) {
    const record = value && fromBytes<Transaction | null>(value);
    if (!record) into.gone_sessions.push(Number(id));
    else if (isUsable(record.start_time)) into.session.push(pick({ ...EMPTY, ...record }, SESSION));
  },
  sum_day(into, { key, value }) {
    const [day, part] = key.map(Number) as [number, number];
    into.whole_days.push({ day, part });
    if (value) into.energy_part.push(...hoursOf(value, day).map((row) => ({ day, part, ...row })));
  },
  activity(into, { key: [sequence], value }) {
    if (value) addEvent(into, Number(sequence), fromBytes<StoredEntry>(value));
  },
  activity_block(into, { value }) {
    const entries = value ? fromBytes<[number, StoredEntry][]>(value) : [];
    for (const [sequence, entry] of entries) addEvent(into, sequence, entry);
  },
};

function addEvent(into: Projection, sequence: number, stored: StoredEntry): void {
  const entry = unpacked(sequence, stored);
  if (isUsable(entry.at)) into.event.push(pick(entry, EVENT));
}

function pick<T extends object>(record: T, names: readonly (keyof T)[]): Row {
  return Object.fromEntries(names.map((name) => [name, record[name]]));
}

/** Returns the energy by charger and hour in a value of the sums. */
function hoursOf(value: Uint8Array, day: number): HourEnergy[] {
  const sums = new Map<string, HourEnergy>();
  for (const { charger_id, simulated, first, energy } of decodeParts(value)) {
    energy.forEach((mwh, index) => {
      const hour = new Date(day * UTC_DAY + Math.floor((first + index) / QUARTERS_AN_HOUR) * HOUR)
        .toISOString();
      const id = `${charger_id}\n${simulated}\n${hour}`;
      const sum = sums.get(id) ?? { charger_id, hour, simulated, energy_wh: 0 };
      sum.energy_wh += mwh / 1000;
      sums.set(id, sum);
    });
  }
  return [...sums.values()];
}

/** Returns true for a time for which there can be a partition: a clock may be years off, but not centuries. */
function isUsable(time: string): boolean {
  const at = Date.parse(time);
  return at >= YEARS[0] && at < YEARS[1];
}
