// The form of a circuit's limits at times of the day.
import { Field } from "../../components/parts.tsx";
import { Icon } from "../../icons.tsx";
import { locale, messages } from "../../i18n.ts";
import type { Circuit } from "../../types.ts";
import { CIRCUIT_FORM } from "../../../i18n/admin/load.ts";

const t = messages(CIRCUIT_FORM);

/** A circuit's schedule. */
export type Schedule = Circuit["schedule"];
type Entry = Schedule[number];

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const MONDAY = Date.UTC(2024, 0, 1);
const NIGHT: Entry = { days: [...DAYS], from: "22:00", to: "06:00", limit_a: null, limit_w: null };

/** Asks for limits at times of the day. */
export function ScheduleFields({ schedule, set }: { schedule: Schedule; set: (schedule: Schedule) => void }) {
  return (
    <fieldset class="field wide">
      <legend>{t("schedule")}</legend>
      {schedule.map((entry, index) => (
        <EntryFields
          key={index}
          entry={entry}
          set={(changes) => set(schedule.map((each, at) => at === index ? { ...each, ...changes } : each))}
          remove={() => set(schedule.filter((_, at) => at !== index))}
        />
      ))}
      <div>
        <button type="button" class="btn small" onClick={() => set([...schedule, NIGHT])}>
          <Icon name="plus" size={16} /> {t("schedule_add")}
        </button>
      </div>
      <small>{t("schedule_hint")}</small>
    </fieldset>
  );
}

interface EntryFieldsProps {
  entry: Entry;
  set: (changes: Partial<Entry>) => void;
  remove: () => void;
}

function EntryFields({ entry, set, remove }: EntryFieldsProps) {
  const { days = [], from, to, limit_a } = entry;
  const change = (day: typeof DAYS[number], on: boolean) =>
    set({ days: DAYS.filter((each) => each === day ? on : days.includes(each)) });
  return (
    <div class="stack schedule-entry">
      <div class="row between">
        <div class="row">
          {DAYS.map((day, index) => (
            <label class="check" key={day}>
              <input
                type="checkbox"
                checked={days.includes(day)}
                onChange={(event) => change(day, event.currentTarget.checked)}
              />
              <span>{dayName(index)}</span>
            </label>
          ))}
        </div>
        <button
          type="button"
          class="btn small quiet icon-only"
          aria-label={t("schedule_remove")}
          onClick={remove}
        >
          <Icon name="trash" size={16} />
        </button>
      </div>
      <div class="form">
        <Time label={t("schedule_from")} value={from} set={(value) => set({ from: value })} />
        <Time label={t("schedule_to")} value={to} set={(value) => set({ to: value })} />
        <Field label={t("schedule_limit")}>
          <input
            type="number"
            min={0}
            step="any"
            required={(entry.limit_w ?? null) === null}
            value={limit_a ?? ""}
            onInput={({ currentTarget: { value } }) => set({ limit_a: value === "" ? null : Number(value) })}
          />
        </Field>
      </div>
    </div>
  );
}

function Time({ label, value, set }: { label: string; value: string; set: (value: string) => void }) {
  return (
    <Field label={label}>
      <input type="time" required value={value} onInput={(event) => set(event.currentTarget.value)} />
    </Field>
  );
}

function dayName(index: number): string {
  return new Intl.DateTimeFormat(locale(), { weekday: "short", timeZone: "UTC" }).format(
    MONDAY + index * 86_400_000,
  );
}
