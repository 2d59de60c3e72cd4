// What a simulator tells of itself.
import type { Status } from "./charger/connector.ts";

/** One thing that happened; `at` is the simulator's time, ms since 1970. */
export type SimulatorEvent =
  & { at: number }
  & (
    | { type: "connected" }
    | { type: "disconnected"; code: number; reason: string }
    | { type: "refused"; error: Error; retry_s: number }
    | { type: "registered"; status: "Accepted" | "Pending" | "Rejected"; interval: number }
    | { type: "authorized"; connector_id: number; id_tag: string; status: string }
    | { type: "status"; connector_id: number; status: Status }
    /** The central system has taken note of a status. */
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

/** An event before it is given its time. */
export type EventData = SimulatorEvent extends infer E ? E extends { at: number } ? Omit<E, "at"> : never
  : never;

export type Listener = (event: SimulatorEvent) => void;
