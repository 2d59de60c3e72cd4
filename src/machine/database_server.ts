// Supervision of a database on a server: an alarm while it does not answer, or another gateway writes the site.
import { alarmText } from "../i18n/alarm_text.ts";
import type { Store } from "../store/store.ts";
import type { Alarms } from "./alarms.ts";

const EVERY_MS = 1_000;

/** The parts that the supervision works with. */
export interface DatabaseServerDeps {
  store: Pick<Store, "commits" | "reads">;
  alarms: Alarms;
}

/** Raises the alarm while commits or reads fail. Whether they do shows the renewal of the lease, also while nothing happens. */
export class DatabaseServer {
  readonly #deps: DatabaseServerDeps;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: DatabaseServerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => this.check(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Raises or clears the alarm. */
  check(): void {
    const { store: { commits, reads }, alarms } = this.#deps;
    const error = commits.stats.last_error ?? reads?.last_error ?? null;
    if (error === null) alarms.clear("database_server");
    else alarms.raise("database_server", alarmText("database_server", { error: error.split("\n")[0] }), true);
  }
}
