// The tables of a fleet in PostgreSQL 13 or newer, below the schema `ocpp_fleet`.

/** The statements of each version; a new one is added with each change. They run in one transaction. */
export const VERSIONS: readonly string[] = [`
create table code (code_hash text primary key, site_id text not null, expires_at timestamptz not null);
create table site (
  site_id text primary key, name text not null default '', epoch integer not null, key_hash text not null,
  code_hash text not null, enrolled_at timestamptz not null, last_batch text, as_of timestamptz,
  received_at timestamptz, waiting integer not null default 0, schema integer, program text, fenced_at timestamptz
);
create table value (site_id text not null, key bytea not null, value bytea not null, primary key (site_id, key));
create table charger (
  site_id text not null, charger_id text not null, name text, vendor text, model text, serial_number text,
  firmware_version text, registration text, latitude double precision, longitude double precision,
  simulated boolean not null default false, primary key (site_id, charger_id)
);
create table connector (
  site_id text not null, charger_id text not null, connector_id integer not null, status text, error_code text,
  info text, since timestamptz,
  primary key (site_id, charger_id, connector_id)
);
create table session (
  site_id text not null, transaction_id bigint not null, start_time timestamptz not null, charger_id text not null,
  connector_id integer, id_tag text, stop_time timestamptz, stop_reason text, energy_wh double precision,
  state text not null, flags text[] not null default '{}', simulated boolean not null default false,
  primary key (site_id, transaction_id, start_time)
) partition by range (start_time);
create index on session (start_time);
create table energy_part (
  site_id text not null, day integer not null, part integer not null, charger_id text not null,
  hour timestamptz not null, simulated boolean not null, energy_wh double precision not null,
  primary key (site_id, day, part, charger_id, hour, simulated)
);
create index on energy_part (hour);
create view energy_hour as
  select site_id, charger_id, hour, simulated, sum(energy_wh) as energy_wh from energy_part
  group by site_id, charger_id, hour, simulated;
create table event (
  site_id text not null, sequence bigint not null, at timestamptz not null, kind text not null,
  severity text not null, charger_id text, connector_id integer, "user" text, "values" jsonb not null,
  count integer not null, primary key (site_id, sequence, at)
) partition by range (at);
create index on event (at);
`];
