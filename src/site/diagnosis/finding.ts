// A reason as the rules of diagnosis find it, and what they look at.
import type { Charger, Store } from "../../store/store.ts";
import type { ChargerState } from "../charger_state.ts";
import type { DiagnosisCode } from "./remedies.ts";

/** A reason before its remedies are filled in; without a connector it concerns the whole charger. */
export interface Finding {
  connector_id?: number;
  code: DiagnosisCode;
  since?: string | null;
  values?: Record<string, string | number | null | undefined>;
}

/** A charger to diagnose. */
export interface Subject {
  charger: Charger;
  charger_id: string;
  state: ChargerState;
  store: Store;
  /** ms since 1970. */
  now: () => number;
}
