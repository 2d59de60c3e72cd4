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
export { type Closure, RawClient, type RawClientOptions } from "../ocpp/client/raw_client.ts";
export { Fleet, fleetOf, type FleetOptions, type Mix, MIXES } from "./fleet.ts";
export { BadScenario, checkScenario, readScenario, type Scenario } from "./scenarios/scenario.ts";
export { scenarioNamed, scenarioNames } from "./scenarios/library.ts";
export { playScenario, StepFailed } from "./scenarios/stage.ts";
export { HandshakeRefused } from "../ocpp/client/socket.ts";
