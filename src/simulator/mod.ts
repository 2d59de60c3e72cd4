// Simulated chargers, as a module.
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
export type { SimulatorEvent } from "./events.ts";
export { Fleet, fleetOf, type FleetOptions, type Mix, MIXES } from "./fleet.ts";
export { cloneOf, type Original, type Recorded, replayOf } from "./scenarios/clone.ts";
export { scenarioNamed, scenarioNames } from "./scenarios/library.ts";
export { playScenario } from "./scenarios/play.ts";
export { BadScenario, checkScenario, readScenario, type Scenario } from "./scenarios/scenario.ts";
export { StepFailed } from "./scenarios/step_context.ts";
