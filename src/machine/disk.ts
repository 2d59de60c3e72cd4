// Supervision of the disk: an alarm before it is full, and a ballast file that is deleted when it is.
import { node } from "../node.ts";
import { alarmText } from "../i18n/alarm_text.ts";
import type { Commits } from "../store/kv/commits.ts";
import type { Alarms } from "./alarms.ts";

/** Dependencies of the disk monitor. */
export interface DiskDeps {
  /** Folder of the database. */
  directory: string;
  commits: Commits;
  /** Set while there is too little space for readings; sessions are still stored. */
  readings?: { paused: boolean };
  alarms: Alarms;
  /** Frees space once the ballast is deleted, by deleting old backups. */
  relieve: () => Promise<void>;
  /** Stores a value, to test if writing works again. */
  probe: () => Promise<void>;
  limits?: Partial<DiskLimits>;
  /** A monotonic clock, ms. */
  mono?: () => number;
}

/** Limits of the free space, bytes. */
export interface DiskLimits {
  /** Free space below which the alarm is raised. */
  low: number;
  ballast: number;
  /** Free space above which the ballast is created again. */
  roomy: number;
}

/** Free space that uploads must leave, bytes: enough to avoid the alarm and for the ballast. */
export const RESERVE = 256_000_000;

const LIMITS: DiskLimits = { low: 64_000_000, ballast: 16_777_216, roomy: RESERVE };
const EVERY_MS = 5_000;
const BLOCK = 1_048_576;
/** A card that fails twice within this time counts as failing until it has not failed for as long, ms. */
const CALM_MS = 600_000;
const NO_ROOM = /disk is full|ENOSPC|no space/i;

/** Monitors the disk of the database. */
export class Disk {
  readonly #deps: DiskDeps;
  readonly #limits: DiskLimits;
  #first: ReturnType<typeof setTimeout> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #checking: Promise<void> | null = null;
  #failures = 0;
  /** Monotonic times, ms: of the last failed write, and the end of the time in which the card counts as failing. */
  #failed_at = -Infinity;
  #shaky_until = -Infinity;
  /** Free space, bytes; null if it is unknown. */
  free: number | null = null;

  constructor(deps: DiskDeps) {
    this.#deps = deps;
    this.#limits = { ...LIMITS, ...deps.limits };
  }

  /** Checks once the start is over, and every five seconds. */
  start(): void {
    this.#first = setTimeout(() => void this.check());
    this.#timer = setInterval(() => void this.check(), EVERY_MS);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#first);
    clearInterval(this.#timer);
    await this.#checking;
  }

  /** Checks once: updates the alarm and the ballast. */
  check(): Promise<void> {
    return this.#checking ??= this.#check().catch(() => {}).finally(() => this.#checking = null);
  }

  async #check(): Promise<void> {
    this.free = freeBytes(this.#deps.directory);
    if (this.#deps.readings) this.#deps.readings.paused = this.free !== null && this.free < this.#limits.low;
    const { stats } = this.#deps.commits;
    const failed = stats.failures > this.#failures && stats.last_error !== null;
    if (failed && NO_ROOM.test(stats.last_error!)) await this.#deleteBallast();
    else if (this.free !== null && this.free > this.#limits.roomy) await this.#makeBallast();
    if (stats.last_error !== null) await this.#deps.probe().catch(() => {});
    if (stats.failures > this.#failures) this.#noteFailure(stats.last_error);
    this.#failures = stats.failures;
    this.#tell(stats.last_error);
  }

  /** Raises the alarm while writing fails; an intermittent failure is one alarm, so that it does not fill the log. */
  #noteFailure(error: string | null): void {
    const mono = this.#mono();
    const again = !this.#deps.alarms.has("disk") && mono - this.#failed_at < CALM_MS;
    if ((again || mono < this.#shaky_until) && !NO_ROOM.test(error ?? "")) this.#shaky_until = mono + CALM_MS;
    this.#failed_at = mono;
  }

  #tell(error: string | null): void {
    const { alarms } = this.#deps;
    const left = this.free === null ? "" : alarmText("disk_left", { mb: (this.free / 1e6).toFixed(0) });
    if (error !== null && NO_ROOM.test(error)) {
      alarms.raise("disk", alarmText("disk_full", { left }), true);
    } else if (error !== null) {
      alarms.raise("disk", alarmText("disk_error", { error: error.split("\n")[0] }), true);
    } else if (this.#mono() < this.#shaky_until) {
      alarms.raise("disk", alarmText("disk_shaky"), true);
    } else if (this.free !== null && this.free < this.#limits.low) {
      alarms.raise("disk", alarmText("disk_low", { left }));
    } else alarms.clear("disk");
  }

  /** Deletes the ballast, whose space lets the gateway continue while the operator frees more. */
  async #deleteBallast(): Promise<void> {
    try {
      await Deno.remove(this.#ballast);
    } catch {
      await this.#deps.relieve();
    }
  }

  /** Creates the ballast with written zeros, since a sparse file would take no space. */
  async #makeBallast(): Promise<void> {
    const { ballast } = this.#limits;
    if ((await Deno.stat(this.#ballast).catch(() => null))?.size === ballast) return;
    using file = await Deno.open(this.#ballast, { write: true, create: true, truncate: true, mode: 0o600 });
    const zeros = new Uint8Array(BLOCK);
    for (let at = 0; at < ballast; at += BLOCK) await file.write(zeros);
  }

  #mono(): number {
    return this.#deps.mono?.() ?? performance.now();
  }

  get #ballast(): string {
    return `${this.#deps.directory.replace(/\/$/, "")}/ballast`;
  }
}

/** Returns the free space of the file system of `path`, bytes; null if it is unknown. */
export function freeBytes(path: string): number | null {
  try {
    const { bavail, bsize } = node("fs").statfsSync(path);
    return bavail * bsize;
  } catch {
    return null;
  }
}
