// A charger's place in load management: circuit, wiring, limits.
import { Type } from "../../ocpp/schema_builder.ts";
import type { Charger, LoadPlace } from "../../store/store.ts";

/** The wirings of three phases: the supply's phases at the charger's L1, L2 and L3. */
const THREE = ["RST", "STR", "TRS", "RTS", "TSR", "SRT"];
/** The wirings of one phase. */
const ONE = ["R", "S", "T"];

/** A charger's place with its defaults filled in. */
export type FullLoadPlace = LoadPlace & { failsafe_current_a: number };

const DEFAULT_PLACE: LoadPlace = {
  circuit: null,
  phases: 3,
  phase_rotation: null,
  min_current_a: 6,
  max_current_a: 32,
  failsafe_current_a: null,
  priority: 5,
  surplus: false,
  surplus_floor_a: 0,
};

/** Returns a charger's place with defaults filled in. */
export function loadPlaceOf(charger: Pick<Charger, "load"> | undefined): FullLoadPlace {
  const place = { ...DEFAULT_PLACE, ...charger?.load };
  return { ...place, failsafe_current_a: place.failsafe_current_a ?? place.min_current_a };
}

const Amperes = (minimum: number) => Type.Number({ minimum, maximum: 500, multipleOf: 0.1 });

/** The fields of a charger in REST that make its place. */
export const LOAD_PLACE = {
  circuit: Type.Optional(
    Type.Union([Type.String(), Type.Null()], { description: "The circuit that feeds it; null: not managed" }),
  ),
  phases: Type.Optional(Type.Enum([1, 3])),
  phase_rotation: Type.Optional(
    Type.Union([Type.Enum([...THREE, ...ONE]), Type.Null()], {
      description: "The supply's phases at its L1, L2, L3; null: unknown, so that it counts on all",
    }),
  ),
  min_current_a: Type.Optional({ ...Amperes(1), description: "Below it a car is paused, A" }),
  max_current_a: Type.Optional(Amperes(1)),
  failsafe_current_a: Type.Optional(
    Type.Union([Amperes(0), Type.Null()], {
      description: "A that each connector may draw when it cannot be reached; null: as min_current_a",
    }),
  ),
  priority: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 9,
      description: "At circuits with the policy priority; 9 comes first",
    }),
  ),
  surplus: Type.Optional(
    Type.Boolean({ description: "True: cars charge from what the feed's meter shows as export" }),
  ),
  surplus_floor_a: Type.Optional({
    ...Amperes(0),
    description: "A that they may have without export: 0, or not less than min_current_a",
  }),
};

const NAMES = Object.keys(DEFAULT_PLACE) as (keyof LoadPlace)[];

/** Divides a change of a charger into that of its place and the rest. */
export function splitLoadPlace<T extends Partial<Record<keyof LoadPlace, unknown>>>(
  changes: T,
): { place: Partial<LoadPlace>; rest: Omit<T, keyof LoadPlace> } {
  const entries = Object.entries(changes);
  const isPlace = ([name]: [string, unknown]) => (NAMES as string[]).includes(name);
  return {
    place: Object.fromEntries(entries.filter(isPlace)),
    rest: Object.fromEntries(entries.filter((entry) => !isPlace(entry))) as Omit<T, keyof LoadPlace>,
  };
}

/** Returns the first contradiction in a place as its field and a reason; undefined: there is none. */
export function contradictionIn(
  place: FullLoadPlace,
): { field: keyof LoadPlace; reason: string } | undefined {
  const { phases, phase_rotation, min_current_a: min, max_current_a: max, failsafe_current_a } = place;
  if (phase_rotation !== null && phase_rotation.length !== phases) {
    const of = phases === 1 ? ONE : THREE;
    return { field: "phase_rotation", reason: `must be one of ${of.join(", ")} with ${phases} phases` };
  }
  if (max < min) return { field: "max_current_a", reason: "must not be less than min_current_a" };
  if (failsafe_current_a > max) {
    return { field: "failsafe_current_a", reason: "must not be more than max_current_a" };
  }
  const { surplus_floor_a } = place;
  if (surplus_floor_a > max || surplus_floor_a > 0 && surplus_floor_a < min) {
    return { field: "surplus_floor_a", reason: "must be 0, or from min_current_a to max_current_a" };
  }
  if (failsafe_current_a > 0 && failsafe_current_a < min) {
    return { field: "failsafe_current_a", reason: "must be 0, or not less than min_current_a" };
  }
}
