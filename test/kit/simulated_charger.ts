// A simulated charger under test, with a central system and a clock of its own.
import { VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { ChargePointSimulator, type SimulatorConfig } from "../../src/simulator/mod.ts";
import { Central } from "./central.ts";

/** A simulator with its central system and its clock. */
export interface SimulatedCharger extends AsyncDisposable {
  central: Central;
  clock: VirtualClock;
  sim: ChargePointSimulator;
  /** Returns the names of the messages since the last call. */
  newMessages(): string[];
  /** Sends a CALL to the charger and waits until everything that follows at once is done. */
  // deno-lint-ignore no-explicit-any
  call(action: string, payload?: object): Promise<any>;
  /** Starts a session: plugs a car in and presents a tag. Resolves with its transactionId. */
  charge(connector_id?: number, id_tag?: string): Promise<number>;
}

/** Starts a charger without autopilot, 32 A on three phases at 230 V; it has registered and reported its statuses. */
export async function simulatedCharger(config: SimulatorConfig = {}): Promise<SimulatedCharger> {
  const central = new Central();
  const clock = new VirtualClock();
  const sim = new ChargePointSimulator(
    { ...central.at, autopilot: false, max_current: 32, interval: 60, seed: 1, ...config },
    { clock },
  );
  sim.start();
  await sim.accepted;
  await clock.settle();
  let seen = central.received.length;
  const newMessages = () => central.names.slice(seen, seen = central.names.length);
  return {
    central,
    clock,
    sim,
    newMessages,
    async call(action, payload = {}) {
      const answer = await central.call(action, payload);
      await clock.settle();
      return answer;
    },
    async charge(connector_id = 1, id_tag = "TAG") {
      sim.plugIn(connector_id);
      await sim.presentTag(id_tag, connector_id);
      await clock.settle();
      newMessages();
      return sim.session(connector_id)!.transaction_id!;
    },
    async [Symbol.asyncDispose]() {
      await sim.kill();
      await central[Symbol.asyncDispose]();
    },
  };
}
