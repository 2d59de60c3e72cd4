// A simulated charge point: it connects to a central system by a real websocket and behaves as a charger does.
import { type Clock, SystemClock } from "../ocpp/client/clock.ts";
import type { Answer } from "./answers/answers.ts";
import { Autopilot, carSpec } from "./autopilot.ts";
import { Charger } from "./charger/charger.ts";
import type { Connector, Fault, Session } from "./charger/connector.ts";
import type { Filter } from "./charger/messenger.ts";
import { type CarVisit, settingsOf, type SimulatorConfig, type SimulatorSettings } from "./config.ts";
import type { Listener } from "./events.ts";
import type { Status, StopReason } from "./messages.ts";
import { Car, type CarSpec } from "./physics/car.ts";
import { type Random, randomOf } from "./random.ts";

/** The surroundings of a simulator: replacements for the system's time and chance, and how it identifies itself. */
export interface SimulatorDeps {
  clock?: Clock;
  random?: Random;
  /** The value of the header by which a central system of this program knows simulators. */
  identification?: string;
}

/** A simulated charge point. Does nothing before start(). */
export class ChargePointSimulator implements AsyncDisposable {
  readonly settings: SimulatorSettings;
  /** The charger with its parts, for scenarios and tests. */
  readonly charger: Charger;
  readonly #clock: Clock;
  #autopilot: Autopilot | null = null;
  readonly #finished = Promise.withResolvers<void>();
  #started = false;
  #ending: Promise<void> | null = null;

  /** Throws BadConfig. */
  constructor(config: SimulatorConfig = {}, { clock, random, identification = "1" }: SimulatorDeps = {}) {
    this.settings = settingsOf(config);
    this.#clock = clock ?? new SystemClock(this.settings.speed);
    const seed = this.settings.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
    this.charger = new Charger({
      settings: this.settings,
      clock: this.#clock,
      random: random ?? randomOf(seed),
      identification,
    });
  }

  /** Charge point identity. */
  get identity(): string {
    return this.charger.identity;
  }

  /** Resolves when the websocket is open. */
  get connected(): Promise<void> {
    return this.charger.connected;
  }

  /** Resolves when the central system has accepted the charger. */
  get accepted(): Promise<void> {
    return this.charger.accepted;
  }

  /** Resolves when all cars have left, or after stop(). */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Connects, and lets cars arrive. Throws when it was started before. */
  start(): this {
    if (this.#started) throw new Error("The simulator has been started before");
    this.#started = true;
    if (this.settings.autopilot) this.#runAutopilot();
    if (this.settings.start_delay > 0) this.charger.power.upIn(this.settings.start_delay);
    else this.charger.power.up();
    return this;
  }

  /** Ends all sessions, sends what is unsent, and disconnects. */
  stop(): Promise<void> {
    return this.#ending ??= this.#stop();
  }

  /** Disconnects at once, without a Close frame. */
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

  /** Plugs in a car as the options describe it, except for the given fields. */
  plugIn(connector_id = 1, spec: Partial<CarSpec> = {}): void {
    const car = new Car({ ...carSpec(this.settings, this.charger.random), ...spec });
    this.charger.sessions.plugIn(this.#connector(connector_id), car);
  }

  /** Plugs in a car as a visit of the `cars` option describes it. */
  plugInVisitor(connector_id: number, visit: Partial<CarVisit>): void {
    const car = new Car(carSpec(this.settings, this.charger.random, visit));
    this.charger.sessions.plugIn(this.#connector(connector_id), car);
  }

  /** Ends the session at a connector; the plug stays in. */
  stopSession(connector_id = 1, reason: StopReason = "Local"): void {
    this.charger.sessions.end(this.#connector(connector_id), reason);
  }

  /** Presents a tag, which starts or stops a session. Resolves with the authorization status. */
  presentTag(id_tag = this.settings.rfid, connector_id = 1): Promise<string> {
    return this.#clock.during(this.charger.sessions.presentTag(this.#connector(connector_id), id_tag));
  }

  /** Unplugs the car. */
  unplug(connector_id = 1): void {
    this.charger.sessions.unplug(this.#connector(connector_id));
  }

  /** Sets or clears the fault of a connector. */
  fault(connector_id: number, fault: Fault | null): void {
    this.charger.availability.setFault(this.#connector(connector_id), fault);
  }

  /** Sets the answer to an action until the returned function is called; undefined: the usual one; an OcppError: a CALLERROR. */
  answer(action: string, answer: Answer): () => void {
    return this.charger.answers.set(action, answer);
  }

  /** Changes each message of an action before it is sent; null: it is not sent. */
  filter(action: string, filter: Filter): () => void {
    const { filters } = this.charger.messenger;
    filters.set(action, filter);
    return () => void filters.delete(action);
  }

  /** Calls `listener` for each event until the returned function is called. */
  subscribe(listener: Listener): () => void {
    return this.charger.events.subscribe(listener);
  }

  /** Resolves when a condition, checked after each event, is met. Rejects after `timeout_ms` of real time. */
  until(condition: () => unknown, timeout_ms = 10_000): Promise<void> {
    if (condition()) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => reject(new Error(`The condition was not met within ${timeout_ms} ms: ${condition}`)),
      timeout_ms,
    );
    const unsubscribe = this.subscribe(() => condition() && resolve());
    return promise.finally(() => {
      clearTimeout(timer);
      unsubscribe();
    });
  }

  /** Resolves when the central system has answered the report of a connector's status. */
  reached(status: Status, connector_id = 1, timeout_ms = 10_000): Promise<void> {
    return this.until(() => this.charger.notifier.known(connector_id) === status, timeout_ms);
  }

  /** Returns a connector's status. */
  status(connector_id = 1): Status {
    return this.#connector(connector_id).status;
  }

  /** Returns the session at a connector. */
  session(connector_id = 1): Readonly<Session> | null {
    return this.#connector(connector_id).session;
  }

  /** Ends the connection without a Close frame, and redials as after any loss. */
  drop(): Promise<void> {
    return this.charger.link.drop();
  }

  #connector(id: number): Connector {
    const connector = this.charger.connector(id);
    if (!connector) throw new Error(`There is no connector ${id}`);
    return connector;
  }

  async #runAutopilot(): Promise<void> {
    this.#autopilot = new Autopilot(this.charger);
    await this.#autopilot.run();
    await this.charger.power.flush();
    this.charger.events.emit({ type: "finished" });
    this.#finished.resolve();
  }

  async #stop(): Promise<void> {
    this.#autopilot?.stop();
    for (const connector of this.charger.connectors) this.charger.sessions.end(connector, "Local");
    await this.charger.power.flush();
    await this.#end("close");
  }

  async #end(how: "close" | "drop"): Promise<void> {
    await this.charger.power.down(how);
    this.charger.dispose();
    this.#finished.resolve();
  }
}
