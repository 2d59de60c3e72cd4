// Chargers by vendor, model and version, and the groups that a firmware file is probably for.
import type { ChargerView } from "../../types.ts";

/** The part of a charger that tells which firmware fits it. */
export type Device = Pick<ChargerView, "charger_id" | "vendor" | "model" | "firmware_version">;

/** Chargers of one vendor, model and version. */
export interface FirmwareGroup<D extends Device> {
  /** Vendor and model; empty: the chargers have told none. */
  model: string;
  version: string;
  chargers: D[];
}

/** Returns the groups, by model and then by version. */
export function groupsOf<D extends Device>(chargers: readonly D[]): FirmwareGroup<D>[] {
  const groups = Map.groupBy(chargers, (one) => `${modelOf(one)}\n${one.firmware_version ?? ""}`);
  return [...groups].sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true })).map(([, same]) => ({
    model: modelOf(same[0]!),
    version: same[0]!.firmware_version ?? "",
    chargers: same,
  }));
}

/**
 * Returns the groups that a file is probably for: its name has their model, else their vendor, else all are one model; those
 * that run the version in the name already are left out.
 */
export function fitting<D extends Device>(
  file: string,
  groups: readonly FirmwareGroup<D>[],
): FirmwareGroup<D>[] {
  const name = plain(file);
  const older = groups.filter(({ version }) => version === "" || !name.includes(plain(version)));
  const named = (word: (one: D) => string | null) =>
    older.filter(({ chargers: [one] }) => plain(word(one!)) !== "" && name.includes(plain(word(one!))));
  const by_model = named(({ model }) => model);
  if (by_model.length > 0) return by_model;
  const by_vendor = named(({ vendor }) => vendor);
  const models = new Set((by_vendor.length > 0 ? by_vendor : groups).map(({ model }) => model));
  if (models.size > 1) return [];
  return by_vendor.length > 0 ? by_vendor : older;
}

function modelOf({ vendor, model }: Device): string {
  return [vendor, model].filter(Boolean).join(" ");
}

function plain(text: string | null | undefined): string {
  return (text ?? "").toLowerCase().replace(/[^a-z0-9]/g, "");
}
