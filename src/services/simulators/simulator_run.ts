// A simulator that runs, with its newest messages and its state.
import type { ChargePointSimulator } from "../../simulator/charge_point_simulator.ts";
import type { SimulatorEvent } from "../../simulator/events.ts";

/** A message of a simulator. */
export interface SimulatorMessage {
  /** ms since 1970. */
  at: number;
  direction: "in" | "out";
  text: string;
}

/** The state of a simulator. */
export type SimulatorState = "stopped" | "waiting" | "connecting" | "connected" | "charging" | "finished";

/** A connector of a running simulator. */
export interface SimulatedConnector {
  connector_id: number;
  status: string;
  id_tag: string | null;
  transaction_id: number | null;
  /** %; null without a car. */
  soc: number | null;
}

const MAX_MESSAGES = 50;

/** A running simulator. */
export class SimulatorRun {
  readonly simulator: ChargePointSimulator;
  /** The newest messages, oldest first. */
  readonly messages: SimulatorMessage[] = [];
  /** Aborts its scenario. */
  readonly stopping = new AbortController();
  connected = false;
  finished = false;
  /** The last failure to connect, or the last warning. */
  error: string | null = null;

  constructor(simulator: ChargePointSimulator) {
    this.simulator = simulator;
  }

  /** Takes note of an event; returns true if the state may have changed. */
  onEvent(event: SimulatorEvent): boolean {
    if (event.type === "frame") {
      this.messages.push({ at: Date.now(), direction: event.direction, text: event.text });
      if (this.messages.length > MAX_MESSAGES) this.messages.shift();
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

  get connectors(): SimulatedConnector[] {
    return this.simulator.charger.connectors.map(({ id, status, session, car }) => ({
      connector_id: id,
      status,
      id_tag: session?.id_tag ?? null,
      transaction_id: session?.transaction_id ?? null,
      soc: car ? Math.round(car.soc * 10) / 10 : null,
    }));
  }
}
