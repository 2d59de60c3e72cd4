// Chargers that are not there.
export { ChargePointSimulator } from "./charge_point_simulator.ts";
export {
  BadConfig,
  DEFAULTS,
  identityOf,
  type SimulatorConfig,
  SimulatorOptions,
  type SimulatorSettings,
  urlOf,
} from "./config.ts";
export { type Clock, SystemClock, VirtualClock } from "./clock.ts";
export { cloneOf, type Original, type Recorded, replayOf } from "./clone.ts";
export type { SimulatorEvent } from "./events.ts";
export { type Closure, RawClient, type RawClientOptions } from "./raw_client.ts";
export { Fleet, fleetOf, type FleetOptions, type Mix, MIXES } from "./fleet.ts";
export { BadScenario, checkScenario, readScenario, type Scenario } from "./scenario.ts";
export { scenarioNamed, scenarioNames } from "./scenario_library.ts";
export { playScenario, StepFailed } from "./scenario_stage.ts";
export { HandshakeRefused } from "./socket.ts";
