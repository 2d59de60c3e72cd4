// The simulators of the site: which run, what state they are in, and what they have said last.
import type { Events } from "../../site/events.ts";
import { describeError, type Log } from "../../log.ts";
import type { ChargePointSimulator } from "../../simulator/charge_point_simulator.ts";
import {
  identityOf,
  settingsOf,
  type SimulatorConfig,
  type SimulatorSettings,
} from "../../simulator/config.ts";
import type { SimulatorEvent } from "../../simulator/events.ts";
import type { Scenario } from "../../simulator/scenarios/scenario.ts";
import type { Simulator, Store } from "../../store/store.ts";

/** What the simulators are given. */
export interface SimulatorsDeps {
  store: Store;
  events: Events;
  log: Log;
}

/** A message of a simulator's, as it went over the wire. */
export interface SimulatorMessage {
  at: number;
  direction: "in" | "out";
  text: string;
}

/** In a few words: what a simulator does. */
export type SimulatorState = "stopped" | "waiting" | "connecting" | "connected" | "charging" | "finished";

/** A connector of a running simulator. */
export interface SimulatedConnector {
  connector_id: number;
  status: string;
  id_tag: string | null;
  transaction_id: number | null;
  soc: number | null;
}

const MESSAGES = 50;
const STOP_MS = 2_000;

/** A simulator that runs, and what is remembered of it. */
class Run {
  readonly simulator: ChargePointSimulator;
  readonly messages: SimulatorMessage[] = [];
  /** Breaks its scenario off. */
  readonly leaving = new AbortController();
  connected = false;
  finished = false;
  /** Why it could not connect, or what it complained of last. */
  error: string | null = null;

  constructor(simulator: ChargePointSimulator) {
    this.simulator = simulator;
  }

  /** Takes note of an event; true: the state may be another. */
  note(event: SimulatorEvent): boolean {
    if (event.type === "frame") {
      this.messages.push({ at: Date.now(), direction: event.direction, text: event.text });
      if (this.messages.length > MESSAGES) this.messages.shift();
      return false;
    }
    if (event.type === "connected") this.connected = true;
    if (event.type === "registered") this.error = null;
    if (event.type === "disconnected") this.connected = false;
    if (event.type === "finished") this.finished = true;
    if (event.type === "refused") this.error = event.error.message;
    if (event.type === "warning") this.error = event.message;
    return event.type !== "metered" && event.type !== "notified";
  }

  get state(): SimulatorState {
    if (this.finished) return "finished";
    if (this.simulator.charger.connectors.some(({ session }) => session)) return "charging";
    if (this.connected) return "connected";
    return this.simulator.charger.power.on ? "connecting" : "waiting";
  }
}

/** Starts and stops simulators as their records say. */
export class Simulators {
  readonly #deps: SimulatorsDeps;
  readonly #runs = new Map<string, Run>();
  #port = 8000;
  #ids: ReadonlySet<string> | null = null;

  constructor(parts: SimulatorsDeps) {
    this.#deps = parts;
  }

  /** Those that ran before run again. `port`: where this gateway listens. */
  async start(port: number): Promise<void> {
    this.#port = port;
    this.#ids = null;
    const running = this.#deps.store.simulators.all().filter(({ running }) => running);
    await Promise.all(running.map(({ name }) => this.#run(name)));
  }

  /** Ends them all; their records still say that they run. */
  async stop(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, STOP_MS);
    await Promise.race([Promise.all([...this.#runs.keys()].map((name) => this.#end(name))), late]);
    clearTimeout(timer);
  }

  /** Starts one that does not run, or has finished; it runs again after a restart of the gateway. */
  async run(name: string): Promise<void> {
    await this.#end(name);
    await this.#keep(name, true);
    await this.#run(name);
  }

  /** Stops one; it ends its sessions first. */
  async halt(name: string): Promise<void> {
    await this.#keep(name, false);
    await this.#end(name);
    this.#tell(name);
  }

  /** Keeps a record, new or changed; one that runs goes on as before. */
  async put(record: Simulator): Promise<void> {
    this.#ids = null;
    await this.#deps.store.simulators.put(record);
    this.#tell(record.name);
  }

  /** Keeps a record under its new name, in one commit, and stops what ran under the old one. */
  async rename(before: string, record: Simulator): Promise<void> {
    await this.#end(before);
    await Promise.all([this.put(record), this.#deps.store.simulators.delete(before)]);
    this.#deps.events.emit("simulator_deleted", undefined, () => ({ name: before }));
  }

  /** Stops one and forgets it. */
  async forget(name: string): Promise<void> {
    await this.#end(name);
    this.#ids = null;
    await this.#deps.store.simulators.delete(name);
    this.#deps.events.emit("simulator_deleted", undefined, () => ({ name }));
  }

  /** What a record's simulator is told: its options, with this gateway's port where none is given. */
  settingsOf({ options }: Pick<Simulator, "options">): SimulatorSettings {
    return settingsOf({ ws_port: this.#port, ...options } as SimulatorConfig);
  }

  state(name: string): SimulatorState {
    return this.#runs.get(name)?.state ?? "stopped";
  }

  error(name: string): string | null {
    return this.#runs.get(name)?.error ?? null;
  }

  /** The newest messages of one that runs, oldest first. */
  messages(name: string): readonly SimulatorMessage[] {
    return this.#runs.get(name)?.messages ?? [];
  }

  /** The simulator itself, while it runs. */
  running(name: string): ChargePointSimulator | undefined {
    return this.#runs.get(name)?.simulator;
  }

  connectors(name: string): SimulatedConnector[] {
    const connectors = this.running(name)?.charger.connectors ?? [];
    return connectors.map(({ id, status, session, car }) => ({
      connector_id: id,
      status,
      id_tag: session?.id_tag ?? null,
      transaction_id: session?.transaction_id ?? null,
      soc: car ? Math.round(car.soc * 10) / 10 : null,
    }));
  }

  /** Whether a charger of this gateway is only simulated: by a simulator of ours, or by its own word. */
  isSimulated(charger_id: string): boolean {
    return this.ids().has(charger_id) ||
      this.#deps.store.chargers.get(charger_id)?.config.simulated === true;
  }

  /** The ids of the chargers of this gateway that are only simulated. */
  ids(): ReadonlySet<string> {
    const { store } = this.#deps;
    const here = () =>
      store.simulators.all().filter(({ options }) => isHere(options.host, store.settings.mdns_name));
    return this.#ids ??= new Set(here().map((record) => identityOf(this.settingsOf(record))));
  }

  /** What only simulators need is loaded with the first of them: start-up counts. */
  async #run(name: string): Promise<void> {
    const { store, log } = this.#deps;
    try {
      const scenario = await scenarioOf(store.simulators.get(name)!);
      const { ChargePointSimulator } = await import("../../simulator/charge_point_simulator.ts");
      const record = store.simulators.get(name);
      if (!record?.running || this.#runs.has(name)) return;
      const script = scenario ? { ...scenario.options, autopilot: false } : {};
      const run = new Run(new ChargePointSimulator({ ...this.settingsOf(record), ...script }));
      this.#runs.set(name, run);
      run.simulator.subscribe((event) => run.note(event) && this.#tell(name));
      run.simulator.start();
      if (scenario) this.#play(scenario, run, name);
    } catch (error) {
      log.error("Cannot start the simulator", { name, error: describeError(error) });
    }
    this.#tell(name);
  }

  async #play(scenario: Scenario, run: Run, name: string): Promise<void> {
    try {
      const { playScenario } = await import("../../simulator/scenarios/play.ts");
      await playScenario(scenario, run.simulator, { signal: run.leaving.signal });
      run.finished = true;
    } catch (error) {
      run.error = error instanceof Error ? error.message : String(error);
    }
    this.#tell(name);
  }

  async #end(name: string): Promise<void> {
    const run = this.#runs.get(name);
    this.#runs.delete(name);
    run?.leaving.abort();
    await run?.simulator.stop();
  }

  async #keep(name: string, running: boolean): Promise<void> {
    const { simulators } = this.#deps.store;
    const record = simulators.get(name)!;
    if (record.running !== running) await this.put({ ...record, running });
  }

  #tell(name: string): void {
    this.#deps.events.emit("simulator", undefined, () => ({ name, state: this.state(name) }));
  }
}

/** Whether a host is this machine: by loopback, by one of its addresses, or by the name it has on the LAN. */
function isHere(host: unknown, mdns_name: string): boolean {
  if (host === undefined || /^(localhost|127\.|::1$|\[::1\])/.test(String(host))) return true;
  const name = String(host).toLowerCase().replace(/^\[|\]$/g, "");
  if (name === `${mdns_name}.local`) return true;
  try {
    return Deno.networkInterfaces().some(({ address }) => address === name);
  } catch {
    return false; // without the permission to know
  }
}

/** The scenario that a record plays; undefined: none. Throws BadScenario. */
async function scenarioOf({ name, scenario, recorded }: Simulator): Promise<Scenario | undefined> {
  if (scenario === "recorded") {
    const { replayOf } = await import("../../simulator/scenarios/clone.ts");
    return replayOf(
      name,
      recorded.map(({ at, direction, text }) => ({ at, direction, message: parsed(text) })),
    );
  }
  if (!scenario) return undefined;
  const { scenarioNamed } = await import("../../simulator/scenarios/library.ts");
  return scenarioNamed(scenario);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
