// The event log with its filters, which the address keeps.
import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso/router";
import { ACTIVITY_GROUPS, type ActivityGroup } from "../../../store/records/activity.ts";
import { at, can, get } from "../../api.ts";
import { Segmented } from "../../components/inputs.tsx";
import { CsvButton, PagedLog } from "../../components/paged_log.tsx";
import { Field } from "../../components/parts.tsx";
import { when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { allChargers } from "../../live.ts";
import type { ActivityEntry } from "../../types.ts";
import { ACTIVITY } from "../../../i18n/admin/activity.ts";
import { What, Where } from "../../components/event_entry.tsx";
import { beginOf, Choice, type LogPeriod, PeriodField, periodIn } from "./filter_fields.tsx";

const t = messages(ACTIVITY);

type Group = ActivityGroup | "all";
type Severity = ActivityEntry["severity"];

interface Filter {
  group: Group;
  /** Part of a charger's name or id. */
  charger: string;
  severity: Severity | "";
  period: LogPeriod;
}

const SEVERITIES = ["info", "warning", "error"] as const;
const GROUPS = ["all", ...Object.keys(ACTIVITY_GROUPS)] as Group[];

/** Shows the log. */
export function EventLog() {
  const [filter, change] = useFilter();
  return (
    <>
      <Filters filter={filter} change={change}>
        <CsvButton
          path={at("/ocpp/events/log/", {}, { ...queryOf(filter), format: "csv" })}
          file="events.csv"
        />
      </Filters>
      <PagedLog
        load={(cursor) =>
          get(at("/ocpp/events/log/", {}, {
            ...queryOf(filter),
            limit: 100,
            ...(cursor === null ? {} : { cursor }),
          }))}
        asked={JSON.stringify(filter)}
        none={t("none")}
        icon="events"
        t={t}
        columns={{
          at: ({ at }) => when(at),
          what: (entry) => <What entry={entry} />,
          on: (entry) => <Where entry={entry} />,
          who: ({ user }) => user,
        }}
      />
    </>
  );
}

/** Reads the filter from the address, and returns what changes it there. */
function useFilter(): [Filter, (change: Partial<Filter>) => void] {
  const { query, path, route } = useLocation();
  const filter: Filter = {
    group: GROUPS.find((one) => one === query.group) ?? "all",
    charger: query.charger ?? "",
    severity: SEVERITIES.find((one) => one === query.severity) ?? "",
    period: periodIn(query),
  };
  const change = (changed: Partial<Filter>) => {
    const given = Object.entries({ ...filter, ...changed }).filter(([, value]) => value && value !== "all");
    route(`${path}${given.length > 0 ? `?${new URLSearchParams(given)}` : ""}`, true);
  };
  return [filter, change];
}

interface FiltersProps {
  filter: Filter;
  change: (change: Partial<Filter>) => void;
  /** The button at the right. */
  children: ComponentChildren;
}

function Filters({ filter, change, children }: FiltersProps) {
  const shown = GROUPS.filter((group) => group !== "changes" || can("operator"));
  return (
    <>
      <div class="row between no-print">
        <Segmented
          value={filter.group}
          set={(group) => change({ group })}
          options={shown.map((group) => [group, t(group)] as const)}
        />
        {children}
      </div>
      <div class="filters no-print">
        <Field label={t("charger")}>
          <input
            type="search"
            list="charger-names"
            value={filter.charger}
            placeholder={t("charger_hint")}
            onChange={(event) => change({ charger: event.currentTarget.value.trim() })}
          />
        </Field>
        <datalist id="charger-names">
          {allChargers().map(({ charger_id, name }) => (
            <option
              key={charger_id}
              value={name || charger_id}
            />
          ))}
        </datalist>
        <Choice
          label={t("severity")}
          value={filter.severity}
          options={SEVERITIES}
          set={(severity) => change({ severity })}
        />
        <PeriodField value={filter.period} set={(period) => change({ period })} />
      </div>
    </>
  );
}

/** Returns a filter as REST has it: the period as its begin. */
function queryOf({ group, charger, severity, period }: Filter) {
  return {
    ...(group === "all" ? {} : { group }),
    ...(charger === "" ? {} : { charger }),
    ...(severity === "" ? {} : { severity }),
    ...beginOf(period),
  };
}
