// Simulated chargers.

/** A simulated charger: it connects to this gateway or another one by a real websocket. */
export interface Simulator {
  name: string;
  /** The options given by the operator; `simulator/config.ts` has all of them with their defaults. */
  options: Record<string, unknown>;
  /** The name of a scenario, or `recorded`: replays `recorded`. */
  scenario?: string | null;
  /** True while it is to run, also after a restart of the gateway. */
  running: boolean;
  created_at: string;
  /** The charger that it was made from, and the messages recorded of it. */
  clone_of: string | null;
  recorded: RecordedMessage[];
}

/** A message of a real charger; `text` is the frame. */
export interface RecordedMessage {
  at: string;
  direction: "in" | "out";
  text: string;
}
