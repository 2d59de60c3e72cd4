// The events of a simulator.
import type { Clock } from "../ocpp/client/clock.ts";
import type { Status } from "./messages.ts";

/** An event; `at` is the simulator's time, ms since 1970. */
export type SimulatorEvent =
  & { at: number }
  & (
    | { type: "connected" }
    | { type: "disconnected"; code: number; reason: string }
    /** An attempt to connect has failed. */
    | { type: "refused"; error: Error; retry_s: number }
    | { type: "registered"; status: "Accepted" | "Pending" | "Rejected"; interval: number }
    | { type: "authorized"; connector_id: number; id_tag: string; status: string }
    | { type: "status"; connector_id: number; status: Status }
    /** The central system has answered a StatusNotification. */
    | { type: "notified"; connector_id: number; status: Status }
    | { type: "started"; connector_id: number; id_tag: string; transaction_id: number; status: string }
    | { type: "metered"; connector_id: number; energy_wh: number; power_w: number; soc: number | null }
    | {
      type: "stopped";
      connector_id: number;
      transaction_id: number | null;
      energy_wh: number;
      reason: string;
    }
    | { type: "frame"; direction: "in" | "out"; text: string }
    | { type: "warning"; message: string; error?: unknown }
    | { type: "finished" }
  );

/** An event without its time. */
export type EventData = SimulatorEvent extends infer E ? E extends { at: number } ? Omit<E, "at"> : never
  : never;

export type Listener = (event: SimulatorEvent) => void;

/** The events of one charger, with their listeners. */
export class Events {
  readonly #clock: Pick<Clock, "now">;
  readonly #listeners = new Set<Listener>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** Calls `listener` for each event until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(data: EventData): void {
    if (this.#listeners.size === 0) return;
    const event = { at: this.#clock.now(), ...data };
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Emits a warning: something has failed and the charger goes on. */
  warn(message: string, error?: unknown): void {
    this.emit({ type: "warning", message, error });
  }
}
