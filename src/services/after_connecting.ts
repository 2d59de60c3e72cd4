// Work for a charger some seconds after it has connected: it is asked for its identity, if it never told it, and gets a waiting certificate.
import { alarmText, namesText } from "../i18n/alarm_text.ts";
import type { CentralSystem } from "../central/central_system.ts";
import { CallFailed, OcppError } from "../ocpp/error.ts";
import { describeError, type Log } from "../log.ts";
import type { Alarms } from "../machine/alarms.ts";
import { Refusal } from "../site/context.ts";
import type { Events } from "../site/events.ts";
import type { Charger, Store } from "../store/store.ts";
import type { CertificateSigning } from "./certificate_signing.ts";

/** The parts that the service works with. */
export interface AfterConnectingDeps {
  store: Store;
  events: Events;
  central: CentralSystem;
  certificates: Pick<CertificateSigning, "sendWaiting">;
  alarms: Alarms;
  log: Log;
  /** Time that a charger has to boot by itself, ms. */
  grace_ms: number;
}

/** Connections of a charger that never booted. */
interface Unbooted {
  connections: number;
  last: number;
}

const RECONNECTS = 3;
const FORGOTTEN_MS = 3_600_000;
const MOST = 1_000;

/** Sends what waits for a connected charger, and raises an alarm for those that connect again and again without booting. */
export class AfterConnecting {
  readonly #deps: AfterConnectingDeps;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** The one that connected last at the end. */
  readonly #unbooted = new Map<string, Unbooted>();
  /** Those of them that connect again and again. */
  readonly #restless = new Set<string>();
  /** Chargers that were asked to boot and have not done so yet. */
  readonly #asked = new Set<string>();
  #unsubscribe = () => {};

  constructor(deps: AfterConnectingDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#unsubscribe = this.#deps.events.subscribe(({ type, charger_id }) => {
      if (charger_id === undefined) return;
      if (type === "connected") this.#connected(charger_id);
      else if (this.#unbooted.has(charger_id)) this.#changed(charger_id);
    }, ["connected", "charger"]);
  }

  stop(): void {
    this.#unsubscribe();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #connected(charger_id: string): void {
    if (this.#neverBooted(charger_id)) this.#count(charger_id);
    clearTimeout(this.#timers.get(charger_id));
    const timer = setTimeout(() => {
      this.#timers.delete(charger_id);
      void this.#greet(charger_id);
    }, this.#deps.grace_ms);
    this.#timers.set(charger_id, timer);
    this.#asked.delete(charger_id);
  }

  /** Asks a charger that reconnects without a boot for it (OCPP 1.6 §5.17), and sends what waits for it. */
  async #greet(charger_id: string): Promise<void> {
    const { central, certificates } = this.#deps;
    if (!central.isConnected(charger_id)) return;
    await this.#unlessRefused(charger_id, async () => {
      if (this.#neverBooted(charger_id)) {
        this.#asked.add(charger_id);
        await central.port(charger_id).trigger("boot");
      }
      await certificates.sendWaiting(charger_id);
    });
  }

  async #unlessRefused(charger_id: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Refusal || error instanceof OcppError || error instanceof CallFailed) return;
      this.#deps.log.error("Cannot ask a charger", { charger_id, error: describeError(error) });
    }
  }

  #neverBooted(charger_id: string): boolean {
    const charger = this.#deps.store.chargers.get(charger_id);
    return charger !== undefined && hasNotBooted(charger);
  }

  #count(charger_id: string): void {
    const now = performance.now();
    const connections = (this.#unbooted.get(charger_id)?.connections ?? 0) + 1;
    this.#unbooted.delete(charger_id);
    for (const [id, { last }] of this.#unbooted) {
      if (now - last <= FORGOTTEN_MS && this.#unbooted.size < MOST) break;
      this.#forget(id);
    }
    this.#unbooted.set(charger_id, { connections, last: now });
    if (connections <= RECONNECTS || this.#restless.has(charger_id)) return;
    this.#restless.add(charger_id);
    this.#tell();
  }

  #forget(charger_id: string): void {
    this.#unbooted.delete(charger_id);
    if (this.#restless.delete(charger_id)) this.#tell();
  }

  #changed(charger_id: string): void {
    const charger = this.#deps.store.chargers.get(charger_id);
    if (charger && hasNotBooted(charger)) return;
    this.#forget(charger_id);
    if (charger && this.#asked.delete(charger_id)) this.#askForConnectors(charger_id);
  }

  /** The timer runs after the boot is answered. */
  #askForConnectors(charger_id: string): void {
    const ask = () => this.#deps.central.port(charger_id).trigger("status");
    setTimeout(() => void this.#unlessRefused(charger_id, ask), 0);
  }

  #tell(): void {
    const { alarms } = this.#deps;
    const ids = [...this.#restless];
    if (ids.length === 0) return alarms.clear("no_boot");
    alarms.raise("no_boot", alarmText("no_boot", { names: namesText(ids) }));
  }
}

function hasNotBooted({ booted_at, boot }: Charger): boolean {
  return booted_at === null && Object.keys(boot).length === 0;
}
