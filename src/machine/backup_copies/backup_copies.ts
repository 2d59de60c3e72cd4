// Copies of the nightly backups outside the machine: made after each backup, tried again until they succeed.
import { alarmText } from "../../i18n/alarm_text.ts";
import type { Log } from "../../log.ts";
import { type BackupFile, isNightly } from "../../store/file/backup.ts";
import type { Alarms } from "../alarms.ts";
import type { CopyPlace } from "./copy_place.ts";

/** Dependencies of the copies. */
export interface BackupCopiesDeps {
  /** Returns the places; those whose settings are incomplete are errors of their own. */
  places: () => Promise<CopyPlace[]>;
  /** Folder of the backups. */
  folder: string;
  /** Copies kept at each place. */
  keep: () => number;
  alarms: Pick<Alarms, "raise" | "clear">;
  log: Log;
  now: () => number;
}

/** The state of the copies at a place. */
export interface CopyState {
  kind: CopyPlace["kind"];
  target: string;
  /** Name of the newest copy; null: none is known. */
  name: string | null;
  /** Time at which it was verified; null: before this start. */
  at: string | null;
  /** The reason for which the last try failed; null: it succeeded, or there was none. */
  error: string | null;
}

const NAME = /^gateway-[\w-]+\.tar$/;

/** Copies backups to all places, one copy at a time. */
export class BackupCopies {
  readonly #deps: BackupCopiesDeps;
  readonly #states = new Map<string, CopyState>();
  readonly #ended = new AbortController();
  #running: Promise<CopyState[]> | null = null;

  constructor(deps: BackupCopiesDeps) {
    this.#deps = deps;
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#running?.catch(() => {});
  }

  /** Returns the state of each place. */
  async states(): Promise<CopyState[]> {
    const places = await this.#deps.places();
    return places.map((place) => this.#stateOf(place));
  }

  /** Copies the newest of `backups` to the places that do not have it, or waits for the copies under way. */
  copy(backups: readonly BackupFile[]): Promise<CopyState[]> {
    return this.#running ??= this.#copy(backups).finally(() => this.#running = null);
  }

  async #copy(backups: readonly BackupFile[]): Promise<CopyState[]> {
    const places = await this.#deps.places();
    const newest = backups.find(({ name, damaged }) => NAME.test(name) && !damaged);
    for (const place of places) if (newest) await this.#copyTo(place, newest.name);
    this.#alarm(places);
    return places.map((place) => this.#stateOf(place));
  }

  async #copyTo(place: CopyPlace, name: string): Promise<void> {
    const { folder, log, now } = this.#deps;
    const before = this.#stateOf(place);
    if (before.name === name && before.error === null) return;
    const { signal } = this.#ended;
    try {
      const there = await place.list(signal);
      const known = there.includes(name);
      if (!known) await place.put(`${folder}/${name}`, name, signal);
      await this.#prune(place, [...new Set([...there, name])]);
      const at = known ? before.at : new Date(now()).toISOString();
      this.#states.set(keyOf(place), { ...before, name, at, error: null });
      if (!known) log.info("Backup copied", { name, target: place.target });
    } catch (error) {
      if (signal.aborted) return;
      const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
      this.#states.set(keyOf(place), { ...before, error: reason });
    }
  }

  /** Deletes all but the newest copies of nightly backups, and as many of others. */
  async #prune(place: CopyPlace, names: string[]): Promise<void> {
    const newest = names.filter((name) => NAME.test(name)).sort().reverse();
    const nightly = (name: string) => isNightly({ name, bytes: 0, at: "" });
    const kinds = [newest.filter(nightly), newest.filter((name) => !nightly(name))];
    for (const name of kinds.flatMap((kind) => kind.slice(this.#deps.keep()))) {
      await place.remove(name, this.#ended.signal);
    }
  }

  #alarm(places: readonly CopyPlace[]): void {
    const failed = places.map((place) => this.#stateOf(place)).filter(({ error }) => error !== null);
    if (this.#ended.signal.aborted) return;
    if (failed.length === 0) return this.#deps.alarms.clear("backup_copy");
    const reasons = failed.map(({ target, error }) => `${target}: ${error}`);
    this.#deps.alarms.raise("backup_copy", alarmText("backup_copy", { reasons: reasons.join("; ") }));
  }

  #stateOf(place: CopyPlace): CopyState {
    const { kind, target } = place;
    return this.#states.get(keyOf(place)) ?? { kind, target, name: null, at: null, error: null };
  }
}

function keyOf({ kind, target }: CopyPlace): string {
  return `${kind} ${target}`;
}
