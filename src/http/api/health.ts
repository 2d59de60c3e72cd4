// /healthz: whether chargers can connect and be remembered.
import type { Services } from "../services.ts";
import { VERSION } from "../../version.ts";

const STUCK_MS = 10_000;

/** The gateway's health: `ok`, or `failing` with what fails. */
export function healthOf({ store, central, maintenance }: Services): Record<string, unknown> {
  const { last_error, under_way_since } = store.commits.stats;
  const stuck = under_way_since !== null && performance.now() - under_way_since > STUCK_MS;
  const alarms = maintenance.alarms.all();
  const problem = stuck ? "The database does not answer" : alarms.find(({ failing }) => failing)?.text ??
    (last_error === null ? null : "The database cannot be written");
  return {
    status: problem === null ? "ok" : "failing",
    version: VERSION,
    started_at: maintenance.started_at,
    connected: central.connected,
    ...(problem ? { problem } : {}),
    ...(alarms.length ? { alarms: alarms.map(({ text }) => text) } : {}),
  };
}
