// The rival's state in SQLite, durable before every answer: one transaction a message.
import { DatabaseSync } from "node:sqlite";

const TABLES = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table charger (charger_id text primary key, vendor text, model text, firmware text, booted_at text);
  create table connector (charger_id text, connector_id integer, status text, error_code text, since text,
    primary key (charger_id, connector_id));
  create table charge (id integer primary key autoincrement, charger_id text, connector_id integer, id_tag text,
    meter_start integer, started_at text, meter_stop integer, stopped_at text, reason text);
  create table sample (id integer primary key, charger_id text, connector_id integer, charge_id integer, at text,
    measurand text, phase text, unit text, location text, context text, value text);
  create index sample_at on sample (charger_id, at);
`;

/** A store in a new file. */
export function inSqlite(file) {
  const db = new DatabaseSync(file);
  db.exec(TABLES);
  const [begin, commit] = [db.prepare("begin"), db.prepare("commit")];
  const boot = db.prepare("insert or replace into charger values (?, ?, ?, ?, ?)");
  const status = db.prepare("insert or replace into connector values (?, ?, ?, ?, ?)");
  const start = db.prepare(
    "insert into charge (charger_id, connector_id, id_tag, meter_start, started_at) values (?, ?, ?, ?, ?)",
  );
  const stop = db.prepare("update charge set meter_stop = ?, stopped_at = ?, reason = ? where id = ?");
  const sample = db.prepare("insert into sample values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  return {
    boot: (charger_id, { chargePointVendor, chargePointModel, firmwareVersion = null }) =>
      boot.run(charger_id, chargePointVendor, chargePointModel, firmwareVersion, new Date().toISOString()),
    status: (charger_id, { connectorId, status: word, errorCode, timestamp = null }) =>
      status.run(charger_id, connectorId, word, errorCode, timestamp),
    start: (charger_id, { connectorId, idTag, meterStart, timestamp }) =>
      Number(start.run(charger_id, connectorId, idTag, meterStart, timestamp).lastInsertRowid),
    meterValues: (charger_id, { connectorId, transactionId = null, meterValue }) => {
      begin.run();
      for (const { timestamp, sampledValue } of meterValue) {
        for (
          const { measurand = null, phase = null, unit = null, location = null, context = null, value }
            of sampledValue
        ) {
          sample.run(
            charger_id,
            connectorId,
            transactionId,
            timestamp,
            measurand,
            phase,
            unit,
            location,
            context,
            value,
          );
        }
      }
      commit.run();
    },
    stop: ({ transactionId, meterStop, timestamp, reason = null }) =>
      stop.run(meterStop, timestamp, reason, transactionId),
  };
}
