// The simulators of the site: starts and stops them, and keeps their records.
import type { Events } from "../../site/events.ts";
import { describeError, type Log } from "../../log.ts";
import type { ChargePointSimulator, SimulatorDeps } from "../../simulator/charge_point_simulator.ts";
import { settingsOf, type SimulatorConfig, type SimulatorSettings } from "../../simulator/config.ts";
import type { Scenario } from "../../simulator/scenarios/scenario.ts";
import type { Simulator, Store } from "../../store/store.ts";
import { scenarioOf } from "./scenario_of_record.ts";
import {
  type SimulatedConnector,
  type SimulatorMessage,
  SimulatorRun,
  type SimulatorState,
} from "./simulator_run.ts";

const STOP_MS = 2_000;

/** The surroundings of the simulators. */
export interface SimulatorsDeps {
  store: Store;
  events: Events;
  log: Log;
  /** The plain port of this gateway. */
  ws_port: () => number;
  /** The key by which they identify themselves to this gateway. */
  simulator_key: string;
}

/** The simulators of the site. */
export class Simulators {
  readonly #deps: SimulatorsDeps;
  readonly #runs = new Map<string, SimulatorRun>();

  constructor(deps: SimulatorsDeps) {
    this.#deps = deps;
  }

  /** Starts the simulators whose records say that they run. */
  async start(): Promise<void> {
    const running = this.#deps.store.simulators.all().filter(({ running }) => running);
    await Promise.all(running.map(({ name }) => this.#run(name)));
  }

  /** Stops all simulators, within 2 s; their records still say that they run. */
  async stop(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, STOP_MS);
    await Promise.race([Promise.all([...this.#runs.keys()].map((name) => this.#end(name))), late]);
    clearTimeout(timer);
  }

  /** Starts a simulator, or restarts it; it is started again after a restart of the gateway. */
  async run(name: string): Promise<void> {
    await this.#end(name);
    await this.#setRunning(name, true);
    await this.#run(name);
  }

  /** Stops a simulator; it ends its sessions first. */
  async halt(name: string): Promise<void> {
    await this.#setRunning(name, false);
    await this.#end(name);
    this.#emitState(name);
  }

  /** Stores a record, new or changed; a running simulator keeps its options. */
  async put(record: Simulator): Promise<void> {
    await this.#deps.store.simulators.put(record);
    this.#emitState(record.name);
  }

  /** Stores a record under a new name, in one commit, and stops the simulator of the old name. */
  async rename(before: string, record: Simulator): Promise<void> {
    await this.#end(before);
    await Promise.all([this.put(record), this.#deps.store.simulators.delete(before)]);
    this.#deps.events.emit("simulator_deleted", undefined, () => ({ name: before }));
  }

  /** Stops a simulator and deletes its record. */
  async forget(name: string): Promise<void> {
    await this.#end(name);
    await this.#deps.store.simulators.delete(name);
    this.#deps.events.emit("simulator_deleted", undefined, () => ({ name }));
  }

  /** Returns the options of a record, with this gateway's port as the default. */
  settingsOf({ options }: Pick<Simulator, "options">): SimulatorSettings {
    return settingsOf({ ws_port: this.#deps.ws_port(), ...options } as SimulatorConfig);
  }

  state(name: string): SimulatorState {
    return this.#runs.get(name)?.state ?? "stopped";
  }

  error(name: string): string | null {
    return this.#runs.get(name)?.error ?? null;
  }

  /** Returns the newest messages of a running simulator, oldest first. */
  messages(name: string): readonly SimulatorMessage[] {
    return this.#runs.get(name)?.messages ?? [];
  }

  /** Returns a running simulator. */
  running(name: string): ChargePointSimulator | undefined {
    return this.#runs.get(name)?.simulator;
  }

  connectors(name: string): SimulatedConnector[] {
    return this.#runs.get(name)?.connectors ?? [];
  }

  /** Starts a simulator. The code of simulators is loaded with the first one, to keep the gateway's start short. */
  async #run(name: string): Promise<void> {
    const { store, log } = this.#deps;
    try {
      const scenario = await scenarioOf(store.simulators.get(name)!);
      const { ChargePointSimulator } = await import("../../simulator/charge_point_simulator.ts");
      const record = store.simulators.get(name);
      if (!record?.running || this.#runs.has(name)) return;
      const overrides = scenario ? { ...scenario.options, autopilot: false } : {};
      const settings = { ...this.settingsOf(record), ...overrides };
      const run = new SimulatorRun(new ChargePointSimulator(settings, this.#identification(settings)));
      this.#runs.set(name, run);
      run.simulator.subscribe((event) => run.onEvent(event) && this.#emitState(name));
      run.simulator.start();
      if (scenario) this.#play(scenario, run, name);
    } catch (error) {
      log.error("Cannot start the simulator", { name, error: describeError(error) });
    }
    this.#emitState(name);
  }

  /** Returns the key for a simulator that connects to this gateway; another one is not told it. */
  #identification({ host }: SimulatorSettings): SimulatorDeps {
    const { simulator_key, store } = this.#deps;
    return isHere(host, store.settings.mdns_name) ? { identification: simulator_key } : {};
  }

  async #play(scenario: Scenario, run: SimulatorRun, name: string): Promise<void> {
    try {
      const { playScenario } = await import("../../simulator/scenarios/play.ts");
      await playScenario(scenario, run.simulator, { signal: run.stopping.signal });
      run.finished = true;
    } catch (error) {
      run.error = error instanceof Error ? error.message : String(error);
    }
    this.#emitState(name);
  }

  async #end(name: string): Promise<void> {
    const run = this.#runs.get(name);
    this.#runs.delete(name);
    run?.stopping.abort();
    await run?.simulator.stop();
  }

  async #setRunning(name: string, running: boolean): Promise<void> {
    const { simulators } = this.#deps.store;
    const record = simulators.get(name)!;
    if (record.running !== running) await this.put({ ...record, running });
  }

  #emitState(name: string): void {
    this.#deps.events.emit("simulator", undefined, () => ({ name, state: this.state(name) }));
  }
}

/** Returns true if a host is this machine: loopback, one of its addresses, or its mDNS name. */
function isHere(host: unknown, mdns_name: string): boolean {
  if (host === undefined || /^(localhost|127\.|::1$|\[::1\])/.test(String(host))) return true;
  const name = String(host).toLowerCase().replace(/^\[|\]$/g, "");
  if (name === `${mdns_name}.local`) return true;
  try {
    return Deno.networkInterfaces().some(({ address }) => address === name);
  } catch {
    return false; // no permission to list the interfaces
  }
}
