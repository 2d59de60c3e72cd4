// A simulated charger: its parts, and the events of its connection that set them in motion.
import type { Clock, Timer } from "../../ocpp/client/clock.ts";
import { Gate } from "../../ocpp/client/gate.ts";
import { Link } from "../../ocpp/client/link.ts";
import { Outbox } from "../../ocpp/client/outbox.ts";
import { Answers } from "../answers/answers.ts";
import { identityOf, type SimulatorSettings } from "../config.ts";
import { Events } from "../events.ts";
import type { CallName, IdTagInfo } from "../messages.ts";
import type { Random } from "../random.ts";
import { Authorizer } from "./authorizer.ts";
import { Availability } from "./availability.ts";
import { Certificates } from "./certificates.ts";
import { Charging } from "./charging.ts";
import { ClockAligned } from "./clock_aligned.ts";
import { Configuration } from "./configuration.ts";
import { Connector } from "./connector.ts";
import { Diagnostics } from "./diagnostics.ts";
import { Firmware } from "./firmware.ts";
import { Messenger } from "./messenger.ts";
import { Meters } from "./meters.ts";
import { Notifier } from "./notifier.ts";
import { Power } from "./power.ts";
import { Registration } from "./registration.ts";
import { Reservations } from "./reservations.ts";
import { SecurityEvents } from "./security_events.ts";
import { targetOf } from "./security_profile.ts";
import { Sessions } from "./sessions.ts";

/** The surroundings of a charger. */
export interface ChargerDeps {
  settings: SimulatorSettings;
  clock: Clock;
  random: Random;
  /** The value of the header by which it identifies itself as a simulator. */
  identification: string;
}

/** A charger with all its parts. Each part knows the others by an interface of what it uses. */
export class Charger {
  readonly settings: SimulatorSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly identification: string;
  readonly events: Events;
  readonly configuration: Configuration;
  readonly connectors: readonly Connector[];
  readonly link: Link;
  readonly messenger: Messenger;
  readonly outbox: Outbox;
  readonly authorizer: Authorizer;
  readonly meters: Meters;
  readonly registration: Registration;
  readonly notifier: Notifier;
  readonly sessions: Sessions;
  readonly reservations: Reservations;
  readonly charging: Charging;
  readonly answers: Answers;
  readonly availability: Availability;
  readonly power: Power;
  readonly aligned: ClockAligned;
  readonly security: SecurityEvents;
  readonly certificates: Certificates;
  readonly firmware: Firmware;
  readonly diagnostics: Diagnostics;
  /** ms that the charger's clock is ahead of `clock`. */
  clock_offset = 0;
  firmware_version: string;
  /** Called when an accepted tag waits for a car. */
  onCarWanted: (connector: Connector) => void = () => {};
  readonly #timers = new Set<Timer>();
  readonly #accepted = new Gate();
  readonly #connected = new Gate();

  constructor({ settings, clock, random, identification }: ChargerDeps) {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.identification = identification;
    this.firmware_version = settings.firmware_version;
    this.events = new Events(clock);
    this.configuration = new Configuration(settings);
    this.connectors = Array.from({ length: settings.connectors }, (_, index) => new Connector(index + 1));
    this.meters = new Meters(this, this.connectors);
    this.link = this.#makeLink();
    this.messenger = this.#makeMessenger();
    this.outbox = this.#makeOutbox();
    this.authorizer = this.#makeAuthorizer();
    this.registration = new Registration(this);
    this.notifier = new Notifier(this);
    this.sessions = new Sessions(this);
    this.reservations = new Reservations(this);
    this.charging = new Charging(this);
    this.answers = new Answers(this);
    this.availability = new Availability(this);
    this.aligned = new ClockAligned(this);
    this.security = new SecurityEvents(this);
    this.firmware = new Firmware(this);
    this.diagnostics = new Diagnostics(this);
    this.power = new Power(this);
    this.certificates = new Certificates(this);
  }

  /** Charge point identity. */
  get identity(): string {
    return identityOf(this.settings);
  }

  /** Returns the time by the charger's own clock, ms since 1970. */
  now(): number {
    return this.clock.now() + this.clock_offset;
  }

  /** True while messages other than BootNotification may be sent. */
  get online(): boolean {
    return this.messenger.online;
  }

  /** Resolves when the websocket is open. */
  get connected(): Promise<void> {
    return this.#connected.passed;
  }

  /** Resolves when the central system has accepted the charger. */
  get accepted(): Promise<void> {
    return this.#accepted.passed;
  }

  /** Cancels all timers, for good. */
  dispose(): void {
    this.meters.stop();
    for (const connector of this.connectors) connector.accepted_tag?.timeout?.cancel();
    for (const timer of this.#timers) timer.cancel();
    this.firmware.stop();
    this.diagnostics.stop();
    this.notifier.reset();
    this.reservations.clear();
  }

  /** Calls `run` in `ms`, unless the charger has been disposed of. */
  after(ms: number, run: () => void): Timer {
    const timer = this.clock.after(ms, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
    return timer;
  }

  /** Closes the connection and opens it with the current credentials. */
  async reconnect(): Promise<void> {
    await this.link.close();
    this.link.dial();
  }

  /** Puts the new value of a configuration key into effect. */
  onConfigured(name: string): unknown {
    if (name === "HeartbeatInterval" && this.online) return this.registration.startHeartbeats();
    if (name === "MeterValueSampleInterval") return this.meters.resample();
    if (name === "ClockAlignedDataInterval") return this.aligned.start();
    if (name === "WebSocketPingInterval") return this.link.pingEvery(this.configuration.number(name));
    if (name === "AuthorizationKey" || name === "SecurityProfile") return this.reconnect();
  }

  /** Returns a connector by its id. */
  connector(id: number): Connector | undefined {
    return this.connectors[id - 1];
  }

  /** Resolves with a tag's authorization. Rejects when the central system does not answer. */
  async authorize(connector: Connector, id_tag: string): Promise<IdTagInfo> {
    const info = await this.authorizer.authorize(id_tag);
    this.events.emit({ type: "authorized", connector_id: connector.id, id_tag, status: info.status });
    return info;
  }

  /** Returns true if a tag could start a session at a connector. */
  canStart(connector: Connector, id_tag: string, parent_id_tag?: string): boolean {
    return !this.availability.fault && connector.usable &&
      this.reservations.allows(connector, id_tag, parent_id_tag);
  }

  /** Sends everything that waited: BootNotification was accepted, or the connection is back. */
  onAccepted(): void {
    this.link.resetBackoff();
    this.link.pingEvery(this.configuration.number("WebSocketPingInterval"));
    this.notifier.refreshAll();
    this.outbox.pump();
    this.security.pump();
    this.#accepted.open();
  }

  #onOpen(): void {
    this.events.emit({ type: "connected" });
    this.#connected.open();
    if (!this.settings.boot) this.registration.status = "Accepted";
    if (this.registration.status !== "Accepted") return void this.clock.during(this.registration.boot());
    this.registration.startHeartbeats();
    this.onAccepted();
  }

  #onClose(code: number, reason: string): void {
    this.#connected.shut();
    this.#accepted.shut();
    this.registration.pause();
    this.outbox.pause();
    this.events.emit({ type: "disconnected", code, reason });
    if (this.power.on) this.sessions.onOffline();
  }

  #makeLink(): Link {
    const { clock, random, events } = this;
    return new Link({
      clock,
      random,
      call_timeout_ms: this.settings.call_timeout * 1000,
      target: () => targetOf(this),
      serve: (action, payload, afterwards) => this.answers.serve(action, payload, afterwards),
      onOpen: () => this.#onOpen(),
      onClose: (code, reason) => this.#onClose(code, reason),
      onRefused: (error, retry_s) => events.emit({ type: "refused", error, retry_s }),
      onFrame: (direction, text) => events.emit({ type: "frame", direction, text }),
      onFault: (action, error) => events.warn(`Cannot answer ${action}`, error),
    });
  }

  #makeMessenger(): Messenger {
    const { link, events } = this;
    return new Messenger({ link, events, registered: () => this.registration.status === "Accepted" });
  }

  #makeOutbox(): Outbox {
    const { clock, configuration, messenger, events } = this;
    return new Outbox({
      clock,
      ready: () => messenger.online,
      send: (action, payload) => messenger.send(action as CallName, payload as never),
      attempts: () => configuration.number("TransactionMessageAttempts"),
      retry_s: () => configuration.number("TransactionMessageRetryInterval"),
      onError: (error) => events.warn("Cannot use the answer to a transaction message", error),
    });
  }

  #makeAuthorizer(): Authorizer {
    const { configuration, messenger } = this;
    return new Authorizer({
      configuration,
      now: () => this.now(),
      online: () => messenger.online,
      ask: async (id_tag) => (await messenger.send("Authorize", { idTag: id_tag })).idTagInfo,
      onConflict: () => this.notifier.reportConflict(),
    });
  }
}
