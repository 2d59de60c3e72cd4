// The event log in words, with filters.
import { useState } from "preact/hooks";
import { at, authHeaders, get } from "../api.ts";
import { DataTable } from "../components/data_table.tsx";
import { attempt, saveFile } from "../components/inputs.tsx";
import { Card, Empty, Field, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { duration, kwh, when } from "../format.ts";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { chargers, ids } from "../live.ts";
import type { ActivityEntry } from "../types.ts";
import { ACTIVITY, ACTIVITY_LINES, ACTIVITY_NAMES } from "../../i18n/admin/activity.ts";

const t = messages(ACTIVITY);
const nameOf = messages(ACTIVITY_NAMES);
const lineOf = messages(ACTIVITY_LINES);

type Kind = ActivityEntry["kind"];

interface Filter {
  kind?: Kind;
  charger_id?: string;
  severity?: ActivityEntry["severity"];
  period?: keyof typeof PERIODS;
}

const HOUR = 3_600_000;
const PERIODS = { day: 24 * HOUR, week: 168 * HOUR, month: 720 * HOUR };
const SEVERITIES = ["info", "warning", "error"] as const;

/** Shows the event log. */
export default function Activity() {
  const [filter, setFilter] = useState<Filter>({});
  return (
    <>
      <PageHead title={t("title")} text={t("text")}>
        <button type="button" class="btn" onClick={() => void attempt(() => saveCsv(filter))}>
          <Icon name="download" size={18} /> {t("csv")}
        </button>
      </PageHead>
      <Filters filter={filter} set={setFilter} />
      <ActivityLog filter={filter} />
    </>
  );
}

/** Shows the entries of a filter, a page at a time. */
export function ActivityLog({ filter }: { filter: Filter }) {
  const [older, setOlder] = useState<ActivityEntry[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const first = useLoad(async () => {
    const page = await get(at("/ocpp/events/log/", {}, { ...queryOf(filter), limit: 100 }));
    setNext(page.next);
    setOlder([]);
    return page.entries;
  }, [JSON.stringify(filter)]);
  const more = () =>
    attempt(async () => {
      const page = await get(
        at("/ocpp/events/log/", {}, { ...queryOf(filter), limit: 100, cursor: Number(next) }),
      );
      setNext(page.next);
      setOlder((before) => [...before, ...page.entries]);
    });
  const entries = [...first.value ?? [], ...older];
  return (
    <Card flush>
      <LoadState loading={first.loading} error={first.error} />
      {first.value && entries.length === 0
        ? <Empty icon="events">{t("none")}</Empty>
        : <Entries entries={entries} />}
      {next !== null && (
        <div class="empty">
          <button type="button" class="btn" onClick={() => void more()}>{t("more")}</button>
        </div>
      )}
    </Card>
  );
}

function Filters({ filter, set }: { filter: Filter; set: (filter: Filter) => void }) {
  const change = (name: keyof Filter) => (event: { currentTarget: { value: string } }) => {
    const { [name]: _before, ...rest } = filter;
    const { value } = event.currentTarget;
    set(value === "" ? rest : { ...rest, [name]: value });
  };
  return (
    <div class="filters no-print">
      <Field label={t("kind")}>
        <select onChange={change("kind")}>
          <option value="">{t("any")}</option>
          {(Object.keys(ACTIVITY_NAMES) as Kind[]).map((kind) => (
            <option key={kind} value={kind}>{nameOf(kind)}</option>
          ))}
        </select>
      </Field>
      <Field label={t("charger")}>
        <select onChange={change("charger_id")}>
          <option value="">{t("any")}</option>
          {ids.value.map((id) => <option key={id} value={id}>{chargers.get(id)?.value.name || id}</option>)}
        </select>
      </Field>
      <Field label={t("severity")}>
        <select onChange={change("severity")}>
          <option value="">{t("any")}</option>
          {SEVERITIES.map((name) => <option key={name} value={name}>{t(name)}</option>)}
        </select>
      </Field>
      <Field label={t("period")}>
        <select onChange={change("period")}>
          <option value="">{t("any")}</option>
          {(Object.keys(PERIODS) as (keyof typeof PERIODS)[]).map((name) => (
            <option key={name} value={name}>{t(name)}</option>
          ))}
        </select>
      </Field>
    </div>
  );
}

function Entries({ entries }: { entries: ActivityEntry[] }) {
  return (
    <DataTable
      rows={entries}
      keyOf={({ sequence }) => sequence}
      t={t}
      columns={{
        at: ({ at }) => when(at),
        what: (entry) => <What entry={entry} />,
        on: (entry) => <Where entry={entry} />,
        who: ({ user }) => user,
      }}
    />
  );
}

function What({ entry }: { entry: ActivityEntry }) {
  const { severity, count, until } = entry;
  const text = textOf(entry);
  const page = pageOf(entry);
  return (
    <>
      {severity !== "info" && <Icon name="fault" size={16} />} {page ? <a href={page}>{text}</a> : text}
      {count > 1 && <span class="soft small">· {t("times", { n: count, until: when(until) })}</span>}
    </>
  );
}

function Where({ entry: { charger_id, connector_id } }: { entry: ActivityEntry }) {
  if (charger_id === null) return null;
  const known = chargers.get(charger_id)?.value;
  const text = known?.name || charger_id;
  return (
    <>
      {known ? <a href={`/admin/chargers/${encodeURIComponent(charger_id)}`}>{text}</a> : text}
      {connector_id !== null && <span class="soft">{t("connector", { n: connector_id })}</span>}
    </>
  );
}

const PAGES: Partial<Record<Kind, string>> = {
  session_started: "sessions",
  session_ended: "sessions",
  card_refused: "rfids",
  charger_refused: "waiting",
  firmware: "jobs",
  alarm: "system",
  alarm_ended: "system",
  clock_stepped: "system",
  backup: "system",
  change: "audit",
};

/** Returns the page that has more on an entry; null: there is none but its charger's. */
function pageOf({ kind }: ActivityEntry): string | null {
  const page = PAGES[kind];
  return page === undefined ? null : `/admin/${page}`;
}

/** Returns an entry in words. */
function textOf({ kind, values }: ActivityEntry): string {
  const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? ""]));
  const changed = Object.keys(values).filter((name) => `${name}_before` in values);
  return lineOf(kind, {
    ...given,
    changes: changed.map((name) => `${values[`${name}_before`] ?? "–"} → ${values[name] ?? "–"}`).join(", "),
    duration: duration(Number(values.seconds ?? 0) * 1000),
    energy: kwh(Number(values.energy_wh ?? 0)),
    outcome: values.status ?? values.error ?? "OK",
  }).trim();
}

/** The period as its begin. */
function queryOf({ period, ...query }: Filter) {
  return period === undefined
    ? query
    : { ...query, from: new Date(Date.now() - PERIODS[period]).toISOString() };
}

async function saveCsv(filter: Filter): Promise<void> {
  const path = at("/ocpp/events/log/", {}, { ...queryOf(filter), format: "csv" });
  saveFile("events.csv", await (await fetch(path, { headers: authHeaders() })).blob());
}
