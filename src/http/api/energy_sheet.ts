// Energy figures as CSV and as a spreadsheet, whose heads are in the reader's language.
import type { CalendarUnit } from "../../calendar.ts";
import { REPORT } from "../../i18n/admin/report.ts";
import { FLAGS } from "../../i18n/admin/sessions.ts";
import { columnOf, type Language, lookUp, translator } from "../../i18n/messages.ts";
import type { SheetColumn } from "../xlsx.ts";
import type { Group, GroupNames } from "./energy_groups.ts";
import type { EnergyRow } from "./energy_query.ts";

/** The parts by which rows are told apart. */
export interface RowParts {
  group?: Group | undefined;
  by?: CalendarUnit | undefined;
}

const NAMES: Record<Group, readonly (keyof GroupNames)[]> = {
  charger: ["charger_id", "name"],
  connector: ["charger_id", "connector_id", "name"],
  tag: ["id_tag", "holder"],
  holder: ["holder", "id_tag"],
};

const FIGURES = [
  "energy_wh",
  "sessions",
  "charging_s",
  "connected_s",
  "peak_power_w",
  "doubtful_sessions",
  "flags",
] as const;

const WH_PER_KWH = 1000;
const S_PER_HOUR = 3600;

/** Returns the columns and lines of CSV; flags are words with their numbers: `no-stop:2 outlier:1`. */
export function energyCsv(
  rows: readonly EnergyRow[],
  { group, by }: RowParts,
): [columns: string[], lines: AsyncGenerator<Record<string, unknown>>] {
  const columns = ["from", "to", ...(by ? ["label"] : []), ...(group ? NAMES[group] : []), ...FIGURES];
  return [columns, linesOf(rows)];
}

async function* linesOf(rows: readonly EnergyRow[]): AsyncGenerator<Record<string, unknown>> {
  for (const row of rows) yield { ...row, flags: flagsOf(row, (flag, count) => `${flag}:${count}`) };
}

/** Returns the columns of a spreadsheet: energy in kWh, times in hours, power in kW. */
export function energyColumns({ group, by }: RowParts, language: Language): SheetColumn<EnergyRow>[] {
  const t = translator(REPORT, language);
  const flags = columnOf(FLAGS, language);
  const number = (
    head: string,
    decimals: number,
    cell: (row: EnergyRow) => number,
  ): SheetColumn<EnergyRow> => (
    { head, kind: "number", decimals, cell }
  );
  return [
    { head: t("from"), kind: "time", cell: ({ from }) => from },
    { head: t("to"), kind: "time", cell: ({ to }) => to },
    ...(by
      ? [{ head: t(by), kind: "text", cell: ({ label }) => label } satisfies SheetColumn<EnergyRow>]
      : []),
    ...(group ? NAMES[group].map((name) => nameColumn(name, t(name))) : []),
    number(`${t("energy")} (kWh)`, 3, ({ energy_wh }) => energy_wh / WH_PER_KWH),
    number(t("sessions"), 0, ({ sessions }) => sessions),
    number(`${t("charging")} (h)`, 2, ({ charging_s }) => charging_s / S_PER_HOUR),
    number(`${t("duration")} (h)`, 2, ({ connected_s }) => connected_s / S_PER_HOUR),
    number(`${t("peak")} (kW)`, 1, ({ peak_power_w }) => peak_power_w / 1000),
    number(t("doubtful"), 0, ({ doubtful_sessions }) => doubtful_sessions),
    {
      head: t("flags"),
      kind: "text",
      width: 60,
      cell: (row) => flagsOf(row, (flag, count) => `${lookUp(flags, flag)} ${count}`),
    },
  ];
}

function nameColumn(name: keyof GroupNames, head: string): SheetColumn<EnergyRow> {
  if (name === "connector_id") return { head, kind: "number", decimals: 0, cell: (row) => row[name] ?? null };
  return { head, kind: "text", width: 24, cell: (row) => row[name] ?? null };
}

/** Returns the flags of a row, the most frequent first. */
export function flagsOf(
  { flags }: Pick<EnergyRow, "flags">,
  text: (flag: string, count: number) => string,
): string {
  return Object.entries(flags).sort(([, a], [, b]) => b - a).map(([flag, count]) => text(flag, count)).join(
    " ",
  );
}
