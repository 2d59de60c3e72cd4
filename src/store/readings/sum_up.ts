// Sums of an interval's readings by bucket: of stored days, of the chunks of other days, and of what is not compacted yet.
import type { Buckets } from "./buckets.ts";
import type { ChargerMemtable } from "./journal.ts";
import {
  chunksByHour,
  compactedIn,
  memtableByHour,
  type MemtableRow,
  type QuerySource,
  type ReadingFilter,
} from "./query.ts";
import type { ReadingDays } from "./reading_days.ts";

const DAY = 86_400_000;

/** Sums the readings of an interval up, whatever is compacted. With `days`, the interval and the buckets are whole hours. */
export async function sumUp(
  source: QuerySource,
  { memtable, filter, buckets, days }: {
    memtable: ChargerMemtable | undefined;
    filter: ReadingFilter & { from: number; to: number };
    buckets: Buckets;
    days: ReadingDays | null;
  },
): Promise<void> {
  const rows = memtable ? memtableByHour(source, memtable, filter) : new Map<number, MemtableRow[]>();
  let { from } = filter;
  const [first, last] = [Math.floor(from / DAY), Math.ceil(filter.to / DAY) - 1];
  for await (const { day, upto, series } of days?.list(filter.charger_id, first, last) ?? []) {
    if (from < day * DAY) {
      await sumChunks(source, { filter: { ...filter, from, to: day * DAY }, buckets, rows });
    }
    for (const values of series) buckets.addHours(day * DAY, values);
    for (let hour = 0; hour < 24; hour++) {
      const compacted = (connector_id: number) => upto.get(connector_id)?.[hour] ?? 0;
      takeRows(rows, { hour: day * 24 + hour, compacted, buckets });
    }
    from = (day + 1) * DAY;
  }
  if (from < filter.to) await sumChunks(source, { filter: { ...filter, from }, buckets, rows });
  for (const left of rows.values()) addRows(left, buckets);
}

/** Sums up the chunks of an interval, and the rows of their hours. */
async function sumChunks(
  source: QuerySource,
  { filter, buckets, rows }: {
    filter: ReadingFilter & { from: number; to: number };
    buckets: Buckets;
    rows: Map<number, MemtableRow[]>;
  },
): Promise<void> {
  for await (const { hour, chunks } of chunksByHour(source, filter, filter.from, filter.to)) {
    for (const { connector_id, chunk } of chunks) buckets.addChunk(connector_id, chunk);
    const upto = compactedIn(chunks);
    takeRows(rows, { hour, compacted: (connector_id) => upto.get(connector_id) ?? 0, buckets });
  }
}

/** Adds the rows of an hour that are not compacted yet, and takes all of them away. */
function takeRows(
  rows: Map<number, MemtableRow[]>,
  { hour, compacted, buckets }: {
    hour: number;
    /** Returns the sequence of the newest message of a connector that is summed up already. */
    compacted: (connector_id: number) => number;
    buckets: Buckets;
  },
): void {
  addRows((rows.get(hour) ?? []).filter(({ n, connector_id }) => n > compacted(connector_id)), buckets);
  rows.delete(hour);
}

function addRows(rows: readonly MemtableRow[], buckets: Buckets): void {
  for (const { connector_id, series, values, at, transaction_id } of rows) {
    for (const [index, ref] of series.entries()) {
      buckets.add(connector_id, ref, { at, transaction_id, text: (values as readonly string[])[index]! });
    }
  }
}
