// The chargers' configuration keys.

/** A configuration key of a charger; `value` is null when it has none, and masked when it is secret. */
export interface ConfigurationKey {
  key: string;
  value: string | null;
  readonly: boolean;
  at: string;
}

/** The last known configuration of a charger. */
export interface Configuration {
  charger_id: string;
  keys: ConfigurationKey[];
  /** Keys that the charger reported as unknown. */
  unknown: string[];
  /** Time of the last request for all keys. */
  complete_at: string | null;
}

/** A configuration that chargers are compared with. */
export interface ConfigurationTemplate {
  name: string;
  /** Key to value. */
  values: Record<string, string>;
}
