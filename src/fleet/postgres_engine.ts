// The fleet's database in PostgreSQL: raw values, the place of each site in the order of its batches, and tables for SQL.
import postgres from "postgres";
import type { Batch } from "../store/changes/batch.ts";
import type { Applied, Enrolled, FleetEngine, FleetSite, FleetValue, NewEnrolment } from "./engine.ts";
import { type Projection, projectionOf, type Row } from "./projection.ts";
import { VERSIONS } from "./postgres_schema.ts";

type Sql = postgres.Sql;
type Transaction = postgres.TransactionSql;

/** Options of the connection. */
export interface PostgresOptions {
  /** Connections that are open at the same time. */
  connections?: number;
  /** Called with the reason for which rows of a batch are in no table, but their values are stored. */
  onLeftOut?: (what: string) => void;
}

const SCHEMA = "ocpp_fleet";
const VALUES_AT_ONCE = 500;
/** A statement that takes longer fails; the site sends its batch again. */
const STATEMENT_MS = 20_000;

/** Connects, and creates or updates the tables. Throws Error. */
export async function openPostgresEngine(
  url: string,
  { connections = 8, onLeftOut = () => {} }: PostgresOptions = {},
): Promise<FleetEngine> {
  const sql = postgres(url, {
    max: connections,
    connect_timeout: 10,
    onnotice: () => {},
    connection: {
      search_path: SCHEMA,
      statement_timeout: STATEMENT_MS,
      application_name: "ocpp-gateway fleet",
    },
  });
  try {
    await sql.begin((step) => update(step));
    return new PostgresEngine(sql, onLeftOut);
  } catch (error) {
    await sql.end({ timeout: 1 });
    throw error;
  }
}

/** Runs the statements of newer versions; two programs that start at once wait for each other. */
async function update(sql: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${SCHEMA}))`;
  const [schema] = await sql`select 1 from information_schema.schemata where schema_name = ${SCHEMA}`;
  if (!schema) await sql.unsafe(`create schema ${SCHEMA}`);
  await sql`create table if not exists version (version integer primary key)`;
  const [row] = await sql<
    { version: number }[]
  >`select coalesce(max(version), 0)::int as version from version`;
  const { version } = row!;
  if (version > VERSIONS.length) {
    throw new Error(`The database is of a newer program (version ${version}): update this one`);
  }
  for (const [index, statements] of VERSIONS.entries()) {
    if (index < version) continue;
    await sql.unsafe(statements);
    await sql`insert into version values (${index + 1})`;
  }
}

class PostgresEngine implements FleetEngine {
  readonly #sql: Sql;
  readonly #onLeftOut: (what: string) => void;
  /** Partitions that are there. */
  readonly #partitions = new Set<string>();

  constructor(sql: Sql, onLeftOut: (what: string) => void) {
    this.#sql = sql;
    this.#onLeftOut = onLeftOut;
  }

  async addCode(code_hash: string, site_id: string, expires_at: number): Promise<void> {
    await this.#sql`insert into code values (${code_hash}, ${site_id}, ${new Date(
      expires_at,
    )}) on conflict do nothing`;
  }

  enrol({ site_id, code_hash, key_hash, now, complete_only = false }: NewEnrolment): Promise<Enrolled> {
    return this.#sql.begin(async (sql): Promise<Enrolled> => {
      const [before] = await sql`select code_hash = ${code_hash} and key_hash = ${key_hash} as same,
        as_of is not null and waiting = 0 as complete from site where site_id = ${site_id} for update`;
      if (before?.same) return "enrolled";
      const [code] = await sql`select 1 from code
        where code_hash = ${code_hash} and site_id = ${site_id} and expires_at >= ${new Date(
        now,
      )} for update`;
      if (!code) return "wrong_code";
      if (complete_only && !before?.complete) return "incomplete";
      await sql`delete from code where code_hash = ${code_hash}`;
      await sql`insert into site (site_id, epoch, key_hash, code_hash, enrolled_at)
        values (${site_id}, 1, ${key_hash}, ${code_hash}, ${new Date(now)})
        on conflict (site_id) do update set epoch = site.epoch + 1, key_hash = excluded.key_hash,
          code_hash = excluded.code_hash, enrolled_at = excluded.enrolled_at, last_batch = null, fenced_at = null`;
      return "enrolled";
    });
  }

  async knows(site_id: string, key_hash: string): Promise<boolean> {
    const rows = await this.#sql`select 1 from site where site_id = ${site_id} and key_hash = ${key_hash}`;
    return rows.length === 1;
  }

  async apply(
    site_id: string,
    batch: Batch,
    from: { key_hash: string; program: string; now: number },
  ): Promise<Applied> {
    const changes = projectionOf(batch.rows);
    await this.#preparePartitions(changes);
    return await this.#sql.begin(async (sql) => {
      const placed = await this.#place(sql, { site_id, batch, ...from });
      if (placed !== "stored") return placed;
      if (batch.range) await clear(sql, site_id, batch);
      await storeValues(sql, site_id, batch);
      await this.#storeTables(sql, site_id, changes);
      return placed;
    });
  }

  /** Writes the tables. A record that they cannot hold is left out of them: its raw value must not wait for that. */
  async #storeTables(sql: Transaction, site_id: string, changes: Projection): Promise<void> {
    try {
      await sql.savepoint((step) => storeTables(step, site_id, changes));
    } catch (error) {
      if (!isOfData(error)) throw error;
      this.#onLeftOut(`${site_id}: ${(error as Error).message}`);
    }
  }

  async sites(): Promise<FleetSite[]> {
    const rows = await this
      .#sql`select site_id, epoch, enrolled_at, last_batch, as_of, received_at, waiting, schema, program, fenced_at
      from site order by site_id`;
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)])) as never
    );
  }

  async *values(site_id: string, after: Uint8Array = new Uint8Array()): AsyncIterable<FleetValue> {
    const rows = this.#sql<FleetValue[]>`select key, value from value
      where site_id = ${site_id} and key > decode(${after.toHex()}, 'hex') order by key`.cursor(
      VALUES_AT_ONCE,
    );
    for await (const some of rows) {
      for (const { key, value } of some) yield { key: new Uint8Array(key), value: new Uint8Array(value) };
    }
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }

  /** Moves the site to a batch, in the order of its batches; the row is locked until the transaction ends. */
  async #place(
    sql: Transaction,
    { site_id, batch, key_hash, program, now }: {
      site_id: string;
      batch: Batch;
      key_hash: string;
      program: string;
      now: number;
    },
  ): Promise<Applied> {
    const [site] = await sql<{ last_batch: string | null; key_hash: string }[]>`
      select last_batch, key_hash from site where site_id = ${site_id} for update`;
    if (site?.key_hash !== key_hash) return "fenced";
    if (site.last_batch === batch.id) return "repeated";
    if (!batch.after.includes(site.last_batch)) {
      await sql`update site set fenced_at = ${new Date(now)} where site_id = ${site_id}`;
      return "fenced";
    }
    await sql`update site set last_batch = ${batch.id}, as_of = ${new Date(
      batch.at,
    )}, received_at = ${new Date(now)},
      waiting = ${batch.waiting}, schema = ${batch.schema}, program = ${program} where site_id = ${site_id}`;
    return "stored";
  }

  /** Creates the months' partitions that a batch needs, each once. */
  async #preparePartitions({ session, event }: Projection): Promise<void> {
    const months = [
      ...session.map(({ start_time }) => ["session", String(start_time).slice(0, 7)] as const),
      ...event.map(({ at }) => ["event", String(at).slice(0, 7)] as const),
    ];
    for (const [table, month] of months) {
      const name = `${table}_${month.replace("-", "_")}`;
      if (this.#partitions.has(name)) continue;
      const next = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1)).toISOString()
        .slice(0, 10);
      await this.#sql.begin(async (sql) => {
        await sql`select pg_advisory_xact_lock(hashtext(${name}))`;
        await sql.unsafe(
          `create table if not exists ${name} partition of ${table} for values from ('${month}-01') to ('${next}')`,
        );
      });
      this.#partitions.add(name);
    }
  }
}

/** Deletes what a walk did not find in its range of keys, from the values and from the tables. */
async function clear(sql: Transaction, site_id: string, { range, rows }: Batch): Promise<void> {
  const kept = rows.map(({ key }) => key.toHex());
  const upto = range!.upto?.toHex() ?? null;
  const gone = await sql<{ key: Uint8Array }[]>`delete from value where site_id = ${site_id}
    and key > decode(${
    range!.after.toHex()
  }, 'hex') and (${upto}::text is null or key <= decode(${upto}, 'hex'))
    and encode(key, 'hex') <> all(${kept}::text[]) returning key`;
  const deletions = gone.map(({ key }) => ({ key: new Uint8Array(key), value: null }));
  await storeTables(sql, site_id, projectionOf(deletions));
}

async function storeValues(sql: Transaction, site_id: string, { rows }: Batch): Promise<void> {
  const set = rows.filter(({ value }) => value !== null);
  const gone = rows.filter(({ value }) => value === null).map(({ key }) => key.toHex());
  if (gone.length > 0) {
    await sql`delete from value where site_id = ${site_id} and key in (select decode(k, 'hex') from unnest(${gone}::text[]) k)`;
  }
  if (set.length === 0) return;
  const keys = set.map(({ key }) => key.toHex());
  const values = set.map(({ value }) => value!.toHex());
  await sql`insert into value (site_id, key, value)
    select ${site_id}, decode(k, 'hex'), decode(v, 'hex') from unnest(${keys}::text[], ${values}::text[]) t(k, v)
    on conflict (site_id, key) do update set value = excluded.value`;
}

/** The columns of a table behind `site_id`, with their types; the first ones are its key. */
const COLUMNS: Record<
  "charger" | "connector" | "session" | "energy_part" | "event",
  { key: number; columns: string[] }
> = {
  charger: {
    key: 1,
    columns: [
      ...[
        "charger_id text",
        "name text",
        "vendor text",
        "model text",
        "serial_number text",
        "firmware_version text",
      ],
      ...["registration text", "latitude float8", "longitude float8", "simulated boolean"],
    ],
  },
  connector: {
    key: 2,
    columns: [
      "charger_id text",
      "connector_id int",
      "status text",
      "error_code text",
      "info text",
      "since timestamptz",
    ],
  },
  session: {
    key: 2,
    columns: [
      ...[
        "transaction_id bigint",
        "start_time timestamptz",
        "charger_id text",
        "connector_id int",
        "id_tag text",
      ],
      ...[
        "stop_time timestamptz",
        "stop_reason text",
        "energy_wh float8",
        "state text",
        "flags text[]",
        "simulated boolean",
      ],
    ],
  },
  energy_part: {
    key: 5,
    columns: [
      "day int",
      "part int",
      "charger_id text",
      "hour timestamptz",
      "simulated boolean",
      "energy_wh float8",
    ],
  },
  event: {
    key: 2,
    columns: [
      ...[
        "sequence bigint",
        "at timestamptz",
        "kind text",
        "severity text",
        "charger_id text",
        "connector_id int",
      ],
      ...['"user" text', '"values" jsonb', "count int"],
    ],
  },
};

async function storeTables(sql: Transaction, site_id: string, changes: Projection): Promise<void> {
  const { site_name } = changes;
  if (site_name !== null) await sql`update site set name = ${site_name} where site_id = ${site_id}`;
  const { gone_chargers, whole_chargers, gone_sessions, whole_days, session } = changes;
  if (gone_chargers.length > 0) {
    await sql`delete from charger where site_id = ${site_id} and charger_id = any(${gone_chargers}::text[])`;
  }
  if (whole_chargers.length > 0) {
    await sql`delete from connector where site_id = ${site_id} and charger_id = any(${whole_chargers}::text[])`;
  }
  const ids = [...gone_sessions, ...session.map(({ transaction_id }) => Number(transaction_id))];
  if (ids.length > 0) {
    await sql`delete from session where site_id = ${site_id} and transaction_id = any(${ids}::bigint[])`;
  }
  if (whole_days.length > 0) {
    await sql`delete from energy_part e using jsonb_to_recordset(${
      sql.json(whole_days as never)
    }) d(day int, part int)
      where e.site_id = ${site_id} and e.day = d.day and e.part = d.part`;
  }
  for (const table of Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]) {
    await upsert(sql, table, { site_id, rows: changes[table] });
  }
}

/** Writes rows; of several with the same key, the last one counts. */
async function upsert(
  sql: Transaction,
  table: keyof typeof COLUMNS,
  { site_id, rows }: { site_id: string; rows: Row[] },
): Promise<void> {
  if (rows.length === 0) return;
  const { key, columns } = COLUMNS[table];
  const names = columns.map((column) => column.split(" ")[0]!);
  const bare = names.map((name) => name.replaceAll('"', ""));
  const last = new Map(rows.map((row) => [JSON.stringify(bare.slice(0, key).map((name) => row[name])), row]));
  const changed = names.slice(key).map((name) => `${name} = excluded.${name}`);
  await sql.unsafe(
    `insert into ${table} (site_id, ${names.join(", ")}) select $1::text, ${names.join(", ")} ` +
      `from jsonb_to_recordset($2::jsonb) r(${columns.join(", ")}) ` +
      `on conflict (site_id, ${names.slice(0, key).join(", ")}) do update set ${changed.join(", ")}`,
    [site_id, sql.json([...last.values()] as never) as never],
  );
}

/** Returns true for an error of the data, not of the server or the connection (SQLSTATE classes 22 and 23). */
function isOfData(error: unknown): boolean {
  return error instanceof postgres.PostgresError && /^2[23]/.test(error.code);
}

function text(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
