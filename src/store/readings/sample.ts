// Meter values as chargers send them: OCPP's shape with every field but the value left open.

/** A sampled value as received; words outside the specification are kept. */
export interface RawSampledValue {
  value: string;
  context?: string;
  format?: string;
  measurand?: string;
  phase?: string;
  location?: string;
  unit?: string;
}

/** A meter value as received: the samples of one time. */
export interface RawMeterValue {
  timestamp: string;
  sampledValue: RawSampledValue[];
}
