// Witnesses of the system's clock: systemd-timesyncd, chronyd and ntpd tell when they last set or confirmed it.
import { readTracking, TRACKING_REQUEST } from "./chronyd.ts";
import { ask } from "./local_datagram.ts";
import { readSystemVariables, SYSTEM_REQUEST } from "./ntpd.ts";

/** The places where the programs answer. */
export interface TimeServersOptions {
  /** The file that systemd-timesyncd touches at each synchronization (since version 239). */
  timesyncd?: string;
  /** UDP ports on the loopback interface; 0: not asked. */
  chronyd?: number;
  ntpd?: number;
}

const TIMESYNCD = "/run/systemd/timesync/synchronized";
const CHRONYD = 323;
const NTPD = 123;
const EVERY_MS = 15_000;

/** Asks chronyd and ntpd on this machine, whichever there is, every 15 seconds. */
export class TimeServers {
  readonly #options: Required<TimeServersOptions>;
  #timer: ReturnType<typeof setInterval> | undefined;
  #asking: Promise<void> | null = null;
  readonly #stopped = new AbortController();
  /** The newest answers, ms since 1970. */
  #answers: readonly number[] = [];

  constructor(options: TimeServersOptions = {}) {
    this.#options = { timesyncd: TIMESYNCD, chronyd: CHRONYD, ntpd: NTPD, ...options };
  }

  start(): void {
    void this.ask();
    this.#timer = setInterval(() => void this.ask(), EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopped.abort();
    await this.#asking;
  }

  /** Returns the times of the last confirmations, by the system's clock, ms since 1970. */
  readonly confirmations = (): readonly number[] => {
    const touched = touchedAt(this.#options.timesyncd);
    return touched === null ? this.#answers : [...this.#answers, touched];
  };

  /** Asks once; resolves when all have answered, or none will. */
  ask(): Promise<void> {
    return this.#asking ??= this.#ask().finally(() => this.#asking = null);
  }

  async #ask(): Promise<void> {
    const { chronyd, ntpd } = this.#options;
    const { signal } = this.#stopped;
    const [tracking, variables] = await Promise.all([
      chronyd ? ask(chronyd, TRACKING_REQUEST, { signal }) : null,
      ntpd ? ask(ntpd, SYSTEM_REQUEST, { signal }) : null,
    ]);
    const answers = [
      tracking && readTracking(tracking),
      variables && readSystemVariables(variables, Date.now()),
    ];
    this.#answers = answers.filter((at) => at !== null);
  }
}

function touchedAt(path: string): number | null {
  try {
    return Deno.statSync(path).mtime?.getTime() ?? null;
  } catch {
    return null;
  }
}
