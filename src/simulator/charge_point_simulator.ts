// A charge point that is not there: connects to a central system by a real websocket and behaves as a charger does.
import type { Answer } from "./answers/answers.ts";
import { Autopilot, carSpec } from "./autopilot.ts";
import { Car, type CarSpec } from "./physics/car.ts";
import { Charger, type Filter } from "./charger/charger.ts";
import { type Clock, SystemClock } from "./clock.ts";
import { type CarVisit, settingsOf, type SimulatorConfig, type SimulatorSettings } from "./config.ts";
import type { Connector, Fault, Session, Status } from "./charger/connector.ts";
import type { Listener } from "./events.ts";
import { type Random, randomOf } from "./random.ts";
import type { StopReason } from "./charger/sessions.ts";

/** What a test may put in place of the host's. */
export interface SimulatorSurroundings {
  clock?: Clock;
  random?: Random;
}

/** A simulated charge point. Does nothing before start(). */
export class ChargePointSimulator implements AsyncDisposable {
  readonly settings: SimulatorSettings;
  /** Its insides, for scenarios and tests. */
  readonly charger: Charger;
  readonly #clock: Clock;
  #autopilot: Autopilot | null = null;
  readonly #finished = Promise.withResolvers<void>();
  #started = false;
  #ending: Promise<void> | null = null;

  /** Throws BadConfig. */
  constructor(config: SimulatorConfig = {}, { clock, random }: SimulatorSurroundings = {}) {
    this.settings = settingsOf(config);
    this.#clock = clock ?? new SystemClock(this.settings.speed);
    const chance = random ?? randomOf(this.settings.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!);
    this.charger = new Charger({ settings: this.settings, clock: this.#clock, random: chance });
  }

  /** Its charge point identity. */
  get identity(): string {
    return this.charger.identity;
  }

  /** Resolves when the websocket is open. */
  get connected(): Promise<void> {
    return this.charger.connected;
  }

  /** Resolves when the central system has accepted it. */
  get accepted(): Promise<void> {
    return this.charger.admitted;
  }

  /** Resolves when its cars have come and gone, or after stop(). */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Connects and begins. */
  start(): this {
    if (this.#started) throw new Error("The simulator has been started before");
    this.#started = true;
    if (this.settings.autopilot) this.#fly();
    if (this.settings.start_delay > 0) this.charger.power.upIn(this.settings.start_delay);
    else this.charger.power.up();
    return this;
  }

  /** Ends its sessions, says so, and leaves. */
  stop(): Promise<void> {
    return this.#ending ??= this.#leave();
  }

  /** Is gone without a word. */
  kill(): Promise<void> {
    this.#autopilot?.stop();
    return this.#ending ??= this.#end("drop");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  /** Sends a CALL as it is, valid or not, and resolves with the payload of its answer. */
  // deno-lint-ignore no-explicit-any
  async call(action: string, payload: object = {}): Promise<any> {
    return (await this.charger.link.call(action, payload)).payload;
  }

  /** Sends a text frame as it is. */
  sendText(text: string): void {
    this.charger.link.sendText(text);
  }

  /** Plugs a car in: one as the options describe it, but for what is given. */
  plugIn(connector_id = 1, spec: Partial<CarSpec> = {}): void {
    const car = new Car({ ...carSpec(this.settings, this.charger.random), ...spec });
    this.charger.sessions.plugIn(this.#connector(connector_id), car);
  }

  /** Plugs in a car that is described as in a schedule of cars. */
  plugInVisitor(connector_id: number, visit: Partial<CarVisit>): void {
    const car = new Car(carSpec(this.settings, this.charger.random, visit));
    this.charger.sessions.plugIn(this.#connector(connector_id), car);
  }

  /** Ends the session at a connector; the plug stays. */
  stopSession(connector_id = 1, reason: StopReason = "Local"): void {
    this.charger.sessions.end(this.#connector(connector_id), reason);
  }

  /** Holds a tag to the reader: starts or stops. Resolves with the tag's standing. */
  presentTag(id_tag = this.settings.rfid, connector_id = 1): Promise<string> {
    return this.#clock.during(this.charger.sessions.presentTag(this.#connector(connector_id), id_tag));
  }

  /** Takes the plug out. */
  unplug(connector_id = 1): void {
    this.charger.sessions.unplug(this.#connector(connector_id));
  }

  /** Breaks a connector, or mends it. */
  fault(connector_id: number, fault: Fault | null): void {
    this.charger.availability.setFault(this.#connector(connector_id), fault);
  }

  /** Answers a CALL otherwise, until the returned function is called; undefined: as usual; an OcppError: CALLERROR. */
  answer(action: string, answer: Answer): () => void {
    return this.charger.answers.set(action, answer);
  }

  /** Changes each message of an action before it is sent; null: it is never sent. */
  filter(action: string, filter: Filter): () => void {
    this.charger.filters.set(action, filter);
    return () => void this.charger.filters.delete(action);
  }

  /** Calls `listener` for each event until the returned function is called. */
  subscribe(listener: Listener): () => void {
    return this.charger.subscribe(listener);
  }

  /** Resolves once something is so; looked at after each event. Rejects after `timeout_ms` of the host's time. */
  until(what: () => unknown, timeout_ms = 10_000): Promise<void> {
    if (what()) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`Not so within ${timeout_ms} ms: ${what}`)), timeout_ms);
    const unlisten = this.subscribe(() => what() && resolve());
    return promise.finally(() => {
      clearTimeout(timer);
      unlisten();
    });
  }

  /** Resolves when the central system has taken note that a connector is in a state. */
  reached(status: Status, connector_id = 1, timeout_ms = 10_000): Promise<void> {
    return this.until(() => this.charger.notifier.known(connector_id) === status, timeout_ms);
  }

  /** A connector's status. */
  status(connector_id = 1): Status {
    return this.#connector(connector_id).status;
  }

  /** The transaction that runs at a connector. */
  session(connector_id = 1): Readonly<Session> | null {
    return this.#connector(connector_id).session;
  }

  /** Loses the connection without a Close frame, and redials as for any loss. */
  drop(): Promise<void> {
    return this.charger.link.drop();
  }

  #connector(id: number): Connector {
    const connector = this.charger.connector(id);
    if (!connector) throw new Error(`There is no connector ${id}`);
    return connector;
  }

  async #fly(): Promise<void> {
    this.#autopilot = new Autopilot(this.charger);
    await this.#autopilot.run();
    await this.charger.power.lastWords();
    this.charger.tell({ type: "finished" });
    this.#finished.resolve();
  }

  async #leave(): Promise<void> {
    this.#autopilot?.stop();
    for (const connector of this.charger.connectors) this.charger.sessions.end(connector, "Local");
    await this.charger.power.lastWords();
    await this.#end("close");
  }

  async #end(how: "close" | "drop"): Promise<void> {
    await this.charger.power.down(how);
    this.charger.dispose();
    this.#finished.resolve();
  }
}
