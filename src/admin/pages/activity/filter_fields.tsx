// Fields that filter logs: one of several values, and how far back.
import { Field } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import { ACTIVITY } from "../../../i18n/admin/activity.ts";

const t = messages(ACTIVITY);

const HOUR = 3_600_000;
const PERIODS = { day: 24 * HOUR, week: 168 * HOUR, month: 720 * HOUR };

/** The time before now of which a log is shown; "": all of it. */
export type LogPeriod = keyof typeof PERIODS | "";

interface ChoiceProps<V extends keyof typeof ACTIVITY> {
  label: string;
  value: V | "";
  options: readonly V[];
  set: (value: V | "") => void;
}

/** Asks for one of several values, or any. */
export function Choice<V extends keyof typeof ACTIVITY>({ label, value, options, set }: ChoiceProps<V>) {
  return (
    <Field label={label}>
      <select value={value} onChange={(event) => set(event.currentTarget.value as V | "")}>
        <option value="">{t("any")}</option>
        {options.map((name) => <option key={name} value={name}>{t(name)}</option>)}
      </select>
    </Field>
  );
}

/** Asks how far back. */
export function PeriodField({ value, set }: { value: LogPeriod; set: (value: LogPeriod) => void }) {
  return (
    <Choice
      label={t("period")}
      value={value}
      options={Object.keys(PERIODS) as (keyof typeof PERIODS)[]}
      set={set}
    />
  );
}

/** Returns the period that an address names. */
export function periodIn({ period = "" }: Record<string, string>): LogPeriod {
  return Object.hasOwn(PERIODS, period) ? period as LogPeriod : "";
}

/** Returns a period as REST has it: its begin. */
export function beginOf(period: LogPeriod): { from?: string } {
  return period === "" ? {} : { from: new Date(Date.now() - PERIODS[period]).toISOString() };
}
