// A simulated charger under test: at a central system of the test's own, in a time of the test's own.
import { VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { ChargePointSimulator, type SimulatorConfig } from "../../src/simulator/mod.ts";
import { Central } from "./central.ts";

/** Central system, clock and simulator of a test. */
export interface Bench extends AsyncDisposable {
  central: Central;
  clock: VirtualClock;
  sim: ChargePointSimulator;
  /** Messages that came since the last time it was asked. */
  news(): string[];
  /** Sends a CALL to the charger and waits until all that follows at once has happened. */
  // deno-lint-ignore no-explicit-any
  call(action: string, payload?: object): Promise<any>;
  /** Plugs a car in, shows a tag: a session runs. Resolves with its transactionId. */
  charge(connector_id?: number, id_tag?: string): Promise<number>;
}

/** A charger without drivers, 32 A on three phases at 230 V, registered and with its statuses told. */
export async function bench(config: SimulatorConfig = {}): Promise<Bench> {
  const central = new Central();
  const clock = new VirtualClock();
  const sim = new ChargePointSimulator(
    { ...central.at, autopilot: false, max_current: 32, interval: 60, seed: 1, ...config },
    { clock },
  );
  sim.start();
  await sim.accepted;
  await clock.settle();
  let told = central.received.length;
  const news = () => central.names.slice(told, told = central.names.length);
  return {
    central,
    clock,
    sim,
    news,
    async call(action, payload = {}) {
      const answer = await central.call(action, payload);
      await clock.settle();
      return answer;
    },
    async charge(connector_id = 1, id_tag = "TAG") {
      sim.plugIn(connector_id);
      await sim.presentTag(id_tag, connector_id);
      await clock.settle();
      news();
      return sim.session(connector_id)!.transaction_id!;
    },
    async [Symbol.asyncDispose]() {
      await sim.kill();
      await central[Symbol.asyncDispose]();
    },
  };
}
