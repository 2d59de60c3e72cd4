// All record types.
export * from "./activity.ts";
export type * from "./authorization.ts";
export type * from "./availability.ts";
export type * from "./charger.ts";
export type * from "./clock.ts";
export * from "./commissioning.ts";
export type * from "./configuration.ts";
export type * from "./damage.ts";
export type * from "./files.ts";
export type * from "./load.ts";
export type * from "./outputs.ts";
export type * from "./people.ts";
export type * from "./security.ts";
export type * from "./simulator.ts";
export type * from "./smart_charging.ts";
export type * from "./transaction.ts";
export type * from "./upgrade.ts";
