// Charging sessions.

/** The state of a session's energy calculation: `site/energy/energy.ts` continues from it with the next sample. */
export interface EnergyState {
  /** mWh, like all energy in this record. */
  meter_start: number | null;
  /** ms since 1970, like all times in this record; null: the charger's clock was not usable. */
  start_at: number | null;
  /** The register in use, ranked by location and phases (lower is better); null: none was seen. */
  source: number | null;
  /** True once a sample of that register was counted. */
  counted: boolean;
  /** The newest sample: its time, its register, and the energy since the start. */
  head: { at: number | null; register: number | null; total: number };
  /** The sample before `head`: several samples of one time are each compared with it. */
  base: { at: number | null; register: number | null; total: number };
  /** The step from `base` to `head`: a flag, `forward` or `jitter`. */
  verdict: string;
  /** The newest implausible sample, and the one before it; the next sample may confirm it. */
  odd: { at: number; register: number } | null;
  odd_was: { at: number; register: number } | null;
  /** The first sample of a session without meterStart. */
  origin: { at: number | null; register: number } | null;
  /** The newest interval sample: its start and end, its energy, and the sum of the intervals before it. */
  interval: { since: number | null; at: number | null; amount: number; total: number } | null;
  /** The highest total shown so far. */
  live: number | null;
  flags: string[];
}

/** A charging session. Energy in Wh. */
export interface Transaction {
  transaction_id: number;
  charger_id: string;
  connector_id: number;
  id_tag: string;
  start_time: string;
  meter_start: number | null;
  stop_time: string | null;
  meter_stop: number | null;
  stop_reason: string | null;
  energy_wh: number | null;
  state: "active" | "completed";
  /** Reasons to doubt the figures. */
  flags: string[];
  /** True if a simulator started it. */
  simulated: boolean;
  start_received: string;
  stop_received: string | null;
  id_tag_status: string;
  reservation_id: number | null;
  /** The unknown transaction id in the StopTransaction.req that this session was made from. */
  reported_transaction_id?: number | null;
  /** Energy between this session's last sample and the next session's meterStart, in no session, Wh. */
  unaccounted_wh?: number;
  /** The reason given by the operator who closed it. */
  closed_by?: string;
  /** The timestamp of StartTransaction.req as received: it identifies a repeated request. */
  start_timestamp: string;
  energy: EnergyState;
  /** Sequence of the last journal record that `energy` includes. */
  energy_seq: number;
}
