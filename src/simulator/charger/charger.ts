// A simulated charger: its parts, its life from power-up to power-off, and its line to the central system.
import { CallFailed, type OcppError } from "../../ocpp/error.ts";
import type { IdTagInfo } from "../../v16/datatypes.ts";
import { Answers } from "../answers/answers.ts";
import { Authorizer } from "./authorizer.ts";
import { Availability } from "./availability.ts";
import { Charging } from "./charging.ts";
import type { Clock, Timer } from "../clock.ts";
import { Certificates } from "./certificates.ts";
import { ClockAligned } from "./clock_aligned.ts";
import { identityOf, type SimulatorSettings } from "../config.ts";
import { Configuration } from "./configuration.ts";
import { Connector } from "./connector.ts";
import { Diagnostics } from "./diagnostics.ts";
import { targetOf } from "./dialing.ts";
import type { EventData, Listener } from "../events.ts";
import { Firmware } from "./firmware.ts";
import { Gate } from "../gate.ts";
import { Link } from "./link.ts";
import { type AnswerTo, assertCall, type CallName, type CallOf, isAnswer } from "./messages.ts";
import { Metering } from "./metering.ts";
import { Notifier } from "./notifier.ts";
import { HeldBack, Outbox } from "./outbox.ts";
import { Power } from "./power.ts";
import type { Random } from "../random.ts";
import { Registration } from "./registration.ts";
import { Reservations } from "./reservations.ts";
import { SecurityEvents } from "./security_events.ts";
import { Sessions } from "./sessions.ts";

/** What a charger is given. */
export interface ChargerOptions {
  settings: SimulatorSettings;
  clock: Clock;
  random: Random;
}

/** Changes a message before it is sent; null: it is not sent. */
export type Filter = (payload: object) => object | null;

/** A charger and all its parts. */
export class Charger {
  readonly settings: SimulatorSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly configuration: Configuration;
  readonly connectors: readonly Connector[];
  readonly authorizer: Authorizer;
  readonly outbox: Outbox;
  readonly link: Link;
  readonly registration: Registration;
  readonly notifier: Notifier;
  readonly sessions: Sessions;
  readonly reservations: Reservations;
  readonly charging: Charging;
  readonly answers: Answers;
  readonly availability: Availability;
  readonly power: Power;
  readonly aligned: ClockAligned;
  readonly certificates: Certificates;
  readonly security: SecurityEvents;
  readonly firmware: Firmware;
  readonly diagnostics: Diagnostics;
  readonly filters = new Map<string, Filter>();
  /** ms that its own clock is ahead of the simulator's. */
  clock_offset = 0;
  firmware_version: string;
  /** Told when a tag waits for a car; somebody may plug one in. */
  onCarWanted: (connector: Connector) => void = () => {};
  readonly #meters: readonly Metering[];
  readonly #later = new Set<Timer>();
  readonly #listeners = new Set<Listener>();
  readonly #accepted = new Gate();
  readonly #connected = new Gate();

  constructor({ settings, clock, random }: ChargerOptions) {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.firmware_version = settings.firmware_version;
    this.configuration = new Configuration(settings);
    this.connectors = Array.from({ length: settings.connectors }, (_, index) => new Connector(index + 1));
    this.#meters = this.connectors.map((connector) => new Metering(this, connector));
    this.link = this.#makeLink();
    this.outbox = this.#makeOutbox();
    this.authorizer = this.#makeAuthorizer();
    this.registration = new Registration(this);
    this.notifier = new Notifier(this);
    this.sessions = new Sessions(this);
    this.reservations = new Reservations(this);
    this.charging = new Charging(this);
    this.answers = new Answers(this);
    this.availability = new Availability(this);
    this.power = new Power(this);
    this.aligned = new ClockAligned(this);
    this.certificates = new Certificates(this);
    this.security = new SecurityEvents(this);
    this.firmware = new Firmware(this);
    this.diagnostics = new Diagnostics(this);
  }

  /** Its charge point identity. */
  get identity(): string {
    return identityOf(this.settings);
  }

  /** The charger's own clock, ms since 1970. */
  now(): number {
    return this.clock.now() + this.clock_offset;
  }

  /** Whether messages other than BootNotification may go out. */
  get online(): boolean {
    return this.link.up && this.registration.status === "Accepted";
  }

  /** Resolves when the line is up. */
  get connected(): Promise<void> {
    return this.#connected.passed;
  }

  /** Resolves when the central system has accepted it. */
  get admitted(): Promise<void> {
    return this.#accepted.passed;
  }

  /** Stops every clock that still runs: nothing happens any more. */
  dispose(): void {
    for (const meter of this.#meters) meter.stop();
    for (const connector of this.connectors) connector.admission?.timeout?.cancel();
    for (const timer of this.#later) timer.cancel();
    this.firmware.stop();
    this.diagnostics.stop();
    this.notifier.forget();
    this.reservations.clear();
  }

  /** Calls `run` in `ms`, unless the charger is gone by then. */
  later(ms: number, run: () => void): Timer {
    const timer = this.clock.after(ms, () => {
      this.#later.delete(timer);
      run();
    });
    this.#later.add(timer);
    return timer;
  }

  /** Connects anew, with what has changed about how. */
  async reconnect(): Promise<void> {
    await this.link.close();
    this.link.dial();
  }

  /** A configuration key has a new value. */
  reconfigured(name: string): unknown {
    if (name === "HeartbeatInterval" && this.online) return this.registration.beat();
    if (name === "MeterValueSampleInterval") return this.#meters.forEach((meter) => meter.resample());
    if (name === "ClockAlignedDataInterval") return this.aligned.start();
    if (name === "WebSocketPingInterval") return this.link.pingEvery(this.configuration.number(name));
    if (name === "AuthorizationKey" || name === "SecurityProfile") return this.reconnect();
  }

  /** Sends a message of its own. Rejects as Peer.call does; the answer fits its schema. */
  async send<A extends CallName>(action: A, payload: CallOf<A>): Promise<AnswerTo<A>> {
    assertCall(action, payload);
    const filter = this.filters.get(action);
    const filtered = filter ? filter(payload as object) : payload as object;
    if (filtered === null) throw new HeldBack(`${action} is held back`);
    const { payload: answer } = await this.link.call(action, filtered);
    if (!isAnswer(action, answer)) {
      throw new CallFailed("invalid", `The answer to ${action} is not valid`, answer);
    }
    return answer as AnswerTo<A>;
  }

  /** Sends a message that nothing depends on: undefined when it could not be sent or was refused. */
  async trySend<A extends CallName>(action: A, payload: CallOf<A>): Promise<AnswerTo<A> | undefined> {
    if (!this.online) return undefined;
    try {
      return await this.send(action, payload);
    } catch (error) {
      this.warn(`Cannot send ${action}`, error as Error | OcppError);
    }
  }

  /** The meter of a connector. */
  meterOf(connector: Connector): Metering {
    return this.#meters[connector.id - 1]!;
  }

  /** Sets a connector's register, as when its meter loses its memory. */
  resetMeter(connector_id: number, register_wh: number): void {
    this.#meters[connector_id - 1]?.reset(register_wh);
  }

  /** A connector by its id. */
  connector(id: number): Connector | undefined {
    return this.connectors[id - 1];
  }

  /** Makes a change that bears on what flows: what has flowed so far is counted by the old state. */
  changeSupply(change: () => void): void {
    for (const meter of this.#meters) meter.bring();
    change();
    for (const meter of this.#meters) meter.changed();
  }

  /** Asks for a tag's standing; refused where something is in the way. */
  async authorize(connector: Connector, id_tag: string): Promise<IdTagInfo> {
    const info = await this.authorizer.authorize(id_tag);
    this.tell({ type: "authorized", connector_id: connector.id, id_tag, status: info.status });
    return info;
  }

  /** Whether a session could begin at a connector with a tag. */
  admits(connector: Connector, id_tag: string, parent_id_tag?: string): boolean {
    return !this.availability.fault && connector.usable &&
      this.reservations.allows(connector, id_tag, parent_id_tag);
  }

  /** Tells every status that is news. */
  refreshAll(): void {
    this.notifier.refreshCharger();
    for (const connector of this.connectors) this.notifier.refresh(connector);
  }

  /** Calls `listener` for each event until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(news: EventData): void {
    if (this.#listeners.size === 0) return;
    const event = { at: this.clock.now(), ...news };
    for (const listener of [...this.#listeners]) listener(event);
  }

  warn(message: string, error?: unknown): void {
    this.tell({ type: "warning", message, error });
  }

  /** BootNotification was accepted, or the line is back: everything that waited goes out. */
  accepted(): void {
    this.link.proved();
    this.link.pingEvery(this.configuration.number("WebSocketPingInterval"));
    this.refreshAll();
    this.outbox.pump();
    this.security.pump();
    this.#accepted.open();
  }

  #makeLink(): Link {
    return new Link({
      clock: this.clock,
      random: this.random,
      call_timeout_ms: this.settings.call_timeout * 1000,
      target: () => targetOf(this),
      serve: (action, payload, afterwards) => this.answers.serve(action, payload, afterwards),
      onOpen: () => this.#opened(),
      onClose: (code, reason) => this.#closed(code, reason),
      onRefused: (error, retry_s) => this.tell({ type: "refused", error, retry_s }),
      onFrame: (direction, text) => this.tell({ type: "frame", direction, text }),
      onFault: (action, error) => this.warn(`Cannot answer ${action}`, error),
    });
  }

  #opened(): void {
    this.tell({ type: "connected" });
    this.#connected.open();
    if (!this.settings.boot) this.registration.status = "Accepted";
    if (this.registration.status !== "Accepted") return void this.clock.during(this.registration.boot());
    this.registration.beat();
    this.accepted();
  }

  #closed(code: number, reason: string): void {
    this.#connected.shut();
    this.#accepted.shut();
    this.registration.pause();
    this.outbox.pause();
    this.tell({ type: "disconnected", code, reason });
    if (this.power.on) this.sessions.offline();
  }

  #makeOutbox(): Outbox {
    return new Outbox({
      clock: this.clock,
      ready: () => this.online,
      send: (action, payload) => this.send(action, payload as never),
      attempts: () => this.configuration.number("TransactionMessageAttempts"),
      retry_s: () => this.configuration.number("TransactionMessageRetryInterval"),
      onError: (error) => this.warn("Cannot use the answer to a transaction message", error),
    });
  }

  #makeAuthorizer(): Authorizer {
    return new Authorizer({
      configuration: this.configuration,
      now: () => this.now(),
      online: () => this.online,
      ask: async (id_tag) => (await this.send("Authorize", { idTag: id_tag })).idTagInfo,
      onConflict: () => this.notifier.reportConflict(),
    });
  }
}
