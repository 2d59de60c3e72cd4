// The site's link to its fleet. Charging never depends on it: it reads the site's store, and waits for nobody.
import type { Config } from "../../config.ts";
import { alarmText } from "../../i18n/alarm_text.ts";
import type { Log } from "../../log.ts";
import type { Alarms } from "../../machine/alarms.ts";
import { encodeBatch } from "../../store/changes/batch.ts";
import { type Hello, LINK_PROTOCOL, type RefusalCode } from "../../store/changes/link_messages.ts";
import { newKey, sha256 } from "../../store/changes/link_keys.ts";
import { SCHEMA } from "../../store/site.ts";
import type { Store } from "../../store/store.ts";
import { VERSION } from "../../version.ts";
import { type Enrolment, pendingFolder, readEnrolment, writeEnrolment } from "./fleet_file.ts";
import { FleetSocket, RefusedError } from "./fleet_socket.ts";
import { type Shipment, Shipper } from "./shipper.ts";

/** The parts that the link works with. */
export interface FleetLinkDeps {
  config: Pick<Config, "fleet" | "fleet_code" | "data_dir" | "tuning">;
  store: Store;
  alarms: Alarms;
  log: Log;
  now: () => number;
}

/** The state of the link, as the admin shows it. */
export interface FleetStatus {
  url: string;
  site_id: string;
  connected: boolean;
  /** The reason for which the fleet takes nothing; null: none. */
  refused: RefusalCode | null;
  /** The last fault; null: none since the last batch. */
  error: string | null;
  /** Number of changed keys that wait. */
  waiting: number;
  /** Time of the oldest change that waits. */
  waiting_since: string | null;
  /** True while all keys are sent. */
  sending_all: boolean;
  /** Time at which the fleet last acknowledged a batch. */
  acknowledged_at: string | null;
  batches: number;
  /** Bytes sent, compressed. */
  bytes: number;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 300_000;
/** Changes older than this raise an alarm, ms. */
const OLD_MS = 86_400_000;
/** More waiting keys than this raise an alarm. */
const MANY = 100_000;

/** Sends what changes to the fleet, and tries again for as long as it takes. */
export class FleetLink {
  readonly #deps: FleetLinkDeps;
  readonly #shipper: Shipper;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #socket: FleetSocket | null = null;
  /** A batch without an answer: it is sent again as it is. */
  #unanswered: Shipment | null = null;
  #enrolment: Enrolment | null = null;
  #failures = 0;
  readonly #figures = { batches: 0, bytes: 0, acknowledged_at: null as string | null };
  #refused: RefusalCode | null = null;
  #error: string | null = null;

  constructor(deps: FleetLinkDeps) {
    this.#deps = deps;
    this.#shipper = new Shipper(deps.store, deps.now);
  }

  /** The state of the link; null: the site is in no fleet. */
  get status(): FleetStatus | null {
    const { config: { fleet }, store: { changes, site } } = this.#deps;
    if (fleet === null) return null;
    return {
      url: fleet,
      site_id: site.site_id,
      connected: this.#socket !== null,
      refused: this.#refused,
      error: this.#error,
      waiting: changes.size,
      waiting_since: changes.oldest === null ? null : new Date(changes.oldest).toISOString(),
      sending_all: changes.state.walk !== null,
      ...this.#figures,
    };
  }

  start(): void {
    const { config: { fleet }, store: { changes } } = this.#deps;
    if (fleet === null) return void changes.end().catch(() => {}); // the disk's alarm tells; the next start tries again
    this.#stop = new AbortController();
    this.#running = this.#run(fleet);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#socket?.close();
    await this.#running;
  }

  async #run(url: string): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#deps.store.changes.begin();
        await this.#connect(url);
        while (!this.#stop.signal.aborted) await this.#sendAll();
      } catch (error) {
        this.#fail(error);
      }
      this.#socket?.close();
      this.#socket = null;
      await this.#pause(this.#retryMs());
    }
  }

  async #connect(url: string): Promise<void> {
    const enrolled = this.#enrolment ??= await readEnrolment(this.#deps.config.data_dir);
    const code = this.#deps.config.fleet_code;
    const code_hash = code === null ? "" : await sha256(code);
    if (code !== null && (enrolled?.url !== url || enrolled.code_hash !== code_hash)) {
      return await this.#enrol({ url, key: newKey(), code_hash }, code);
    }
    if (!enrolled) {
      const text = "This site is not enrolled: give it a code of the fleet with --fleet-code";
      throw new RefusedError("unknown_site", text);
    }
    this.#socket = await FleetSocket.open(url, this.#hello(enrolled.key), this.#stop.signal);
  }

  /** Enrols the site. The key is kept first: a lost answer is no reason for another code, which could not be used twice. */
  async #enrol(enrolment: Enrolment, code: string): Promise<void> {
    const { data_dir } = this.#deps.config;
    const folder = pendingFolder(data_dir);
    const pending = await readEnrolment(folder);
    const same = pending?.code_hash === enrolment.code_hash && pending.url === enrolment.url;
    const chosen = same ? pending : enrolment;
    if (!same) await writeEnrolment(folder, chosen);
    this.#socket = await FleetSocket.open(
      chosen.url,
      { ...this.#hello(chosen.key), code },
      this.#stop.signal,
    );
    this.#unanswered = null;
    await this.#shipper.restart();
    await writeEnrolment(data_dir, chosen);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    this.#enrolment = chosen;
    this.#deps.log.info("Enrolled in the fleet", { url: chosen.url });
  }

  #hello(key: string): Hello {
    const { site_id } = this.#deps.store.site;
    return { type: "hello", protocol: LINK_PROTOCOL, site_id, key, program: VERSION, schema: SCHEMA };
  }

  /** Sends all that waits, then rests until more has gathered. */
  async #sendAll(): Promise<void> {
    for (;;) {
      const shipment = this.#unanswered ?? await this.#shipper.next();
      if (this.#stop.signal.aborted) return;
      if (!shipment) break;
      await this.#send(shipment);
    }
    this.#tell();
    await Promise.race([this.#pause(this.#deps.config.tuning.fleet_every_ms), this.#socket!.closed]);
    if (this.#socket) await this.#checkOpen();
  }

  async #checkOpen(): Promise<void> {
    const open = Symbol();
    const state = await Promise.race([this.#socket!.closed, Promise.resolve(open)]);
    if (state !== open) throw new Error("The connection to the fleet was lost");
  }

  async #send(shipment: Shipment): Promise<void> {
    this.#unanswered = shipment;
    const bytes = await encodeBatch(shipment.batch);
    await this.#socket!.ask(bytes, "ack");
    await this.#shipper.arrived(shipment);
    this.#unanswered = null;
    this.#figures.batches++;
    this.#figures.bytes += bytes.length;
    this.#figures.acknowledged_at = new Date(this.#deps.now()).toISOString();
    this.#failures = 0;
    this.#refused = null;
    this.#error = null;
    this.#tell();
    const kbit = this.#deps.store.settings.fleet_kbit_s;
    if (kbit > 0) await this.#pause(bytes.length * 8 / kbit);
  }

  #fail(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.#failures++;
    this.#error = error instanceof Error ? error.message : String(error);
    const before = this.#refused;
    if (error instanceof RefusedError && error.code !== "unavailable") this.#refused = error.code;
    if (this.#refused && this.#refused !== before) {
      this.#deps.log.warn("The fleet refused this site", { error: this.#error });
    }
    this.#tell();
  }

  /** Raises or clears the alarm. */
  #tell(): void {
    const { alarms, store: { changes }, now } = this.#deps;
    const age = changes.oldest === null ? 0 : now() - changes.oldest;
    if (this.#refused === "fenced") alarms.raise("fleet", alarmText("fleet_fenced"));
    else if (this.#refused) alarms.raise("fleet", alarmText("fleet_refused", { reason: this.#error ?? "" }));
    else if (age > OLD_MS) {
      alarms.raise("fleet", alarmText("fleet_old", { hours: Math.floor(age / 3_600_000) }));
    } else if (changes.size > MANY) alarms.raise("fleet", alarmText("fleet_many", { n: changes.size }));
    else alarms.clear("fleet");
  }

  /** Returns the time until the next attempt: longer after each failure, and different at each site. */
  #retryMs(): number {
    const longest = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures, 20));
    return Math.min(longest, this.#deps.config.tuning.fleet_retry_ms) * (0.5 + Math.random() / 2);
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    });
  }
}
