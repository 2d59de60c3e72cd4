// The facilities that all parts of a charger share. Each part names those it uses; Charger has them all.
import type { Clock } from "../../ocpp/client/clock.ts";
import type { SimulatorSettings } from "../config.ts";
import type { Events } from "../events.ts";
import type { Configuration } from "./configuration.ts";
import type { Connector } from "./connector.ts";
import type { Messenger } from "./messenger.ts";

/** Simulated time, and the charger's own clock. */
export interface HasClock {
  readonly clock: Clock;
  /** Returns the time by the charger's own clock, ms since 1970. */
  now(): number;
}

/** The simulator's options, and the configuration keys that begin with their values. */
export interface HasConfiguration {
  readonly settings: SimulatorSettings;
  readonly configuration: Configuration;
}

/** The connectors, by id from 1. */
export interface HasConnectors {
  readonly connectors: readonly Connector[];
}

/** The way to send messages to the central system. */
export interface HasMessenger {
  readonly messenger: Messenger;
}

/** The events that the simulator's users see. */
export interface HasEvents {
  readonly events: Events;
}
