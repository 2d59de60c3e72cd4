// The options of a commissioning: deadlines and limits, each with its default.
import type { Static } from "typebox";
import { Type } from "../../ocpp/schema_builder.ts";

const Seconds = (fallback: number, description: string) =>
  Type.Number({ minimum: 0.01, maximum: 86_400, default: fallback, description });

/** Deadlines in seconds, and the demands on the charger. */
export const CommissioningOptions = Type.Object({
  guided_s: Seconds(300, "how long the installer may take for what he is told to do"),
  answer_s: Seconds(20, "how long a message may take that was triggered"),
  start_s: Seconds(60, "how long a session may take to begin, to end, or to go on after the cut"),
  return_s: Seconds(300, "how long the charger may take to come back after a reset or a cut"),
  meter_s: Seconds(180, "how long meter values are watched at most"),
  limit_s: Seconds(60, "how long the charger may take to obey a current limit"),
  cut_s: Seconds(60, "how long the line is cut"),
  sample_interval_s: Type.Integer({
    minimum: 1,
    maximum: 3600,
    default: 10,
    description: "s between samples",
  }),
  samples: Type.Integer({ minimum: 2, maximum: 100, default: 4, description: "samples that are compared" }),
  tolerance: Type.Number({
    minimum: 0.001,
    maximum: 1,
    default: 0.1,
    description: "how far energy and power may differ, as a part of the energy",
  }),
  limit_a: Type.Number({
    minimum: 6,
    maximum: 1000,
    default: 10,
    description: "the current limit that is set, A",
  }),
  max_drift_s: Seconds(30, "how far the charger's clock may be off"),
  security_profile: Type.Integer({
    minimum: 0,
    maximum: 3,
    default: 0,
    description: "the profile that it must have",
  }),
  id_tag: Type.String({
    maxLength: 20,
    default: "",
    description: "for the remote start; empty: the tag that was shown",
  }),
  reset: Type.Enum(["Soft", "Hard"], { default: "Soft", description: "the reset that is tried" }),
}, { additionalProperties: false });

export type CommissioningOptions = Static<typeof CommissioningOptions>;

/** Fills in the defaults. */
export function optionsOf(given: Record<string, unknown>): CommissioningOptions {
  const defaults = Object.entries(CommissioningOptions.properties)
    .map(([name, schema]) => [name, (schema as { default?: unknown }).default]);
  return { ...Object.fromEntries(defaults), ...given } as CommissioningOptions;
}
