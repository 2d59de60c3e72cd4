// Charging profiles in the chargers, and the site's power.

/** A limit from `startPeriod` (s after the schedule's start) on, in the schedule's unit (OCPP 1.6 §7.14). */
export interface ChargingSchedulePeriod {
  startPeriod: number;
  limit: number;
  numberPhases?: number;
}

/** A charging schedule as sent (OCPP 1.6 §7.13). */
export interface ChargingSchedule {
  duration?: number;
  startSchedule?: string;
  chargingRateUnit: "A" | "W";
  chargingSchedulePeriod: ChargingSchedulePeriod[];
  minChargingRate?: number;
}

/** A charging profile as sent (OCPP 1.6 §7.8). */
export interface ChargingProfile {
  chargingProfileId: number;
  transactionId?: number;
  stackLevel: number;
  chargingProfilePurpose: "ChargePointMaxProfile" | "TxDefaultProfile" | "TxProfile";
  chargingProfileKind: "Absolute" | "Recurring" | "Relative";
  recurrencyKind?: "Daily" | "Weekly";
  validFrom?: string;
  validTo?: string;
  chargingSchedule: ChargingSchedule;
}

/** A charging profile that a charger has accepted. */
export interface InstalledProfile {
  charger_id: string;
  connector_id: number;
  profile: ChargingProfile;
  installed_at: string;
  /** The session of a TxProfile. */
  transaction_id: number | null;
  /** The tag of the remote start that carried the profile, until its session begins. */
  awaits_id_tag: string | null;
}

/** The site's mean power by quarter of an hour. */
export interface PowerRecord {
  /** Number of the quarter (since 1970), samples in it, mean W of the chargers, mean W of the simulated ones. */
  slots: [slot: number, samples: number, power_w: number, simulated_w: number][];
}
