// The first page: tasks for somebody, power, running sessions, and energy of the site.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import lazy from "preact-iso/lazy";
import { alarms } from "../alarms.ts";
import { at, get } from "../api.ts";
import { Card, Empty, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { connectorName, lookOf, SimBadge, stateText, StatusChip } from "../components/status.tsx";
import { duration, kw, kwh, number, shortTime } from "../format.ts";
import { SimulatedSwitch } from "../components/simulated_switch.tsx";
import { holderOf, useHolders } from "../holders.ts";
import { messages } from "../i18n.ts";
import { allChargers, generation, now, sessions, settings } from "../live.ts";
import { loadPages } from "../load_pages.ts";
import { counted as countedOf, onlyReal } from "../simulated.ts";
import type { ChargerView, Session } from "../types.ts";
import { OVERVIEW } from "../../i18n/admin/overview.ts";
import type { HomeTasksProps } from "./overview/home_tasks.tsx";
import { loadMonth, type MonthEnergy, slotAt, slotTime } from "./overview/energy.ts";

const t = messages(OVERVIEW);

/** Only a new site needs it. */
const FirstCharger = lazy(() => loadPages().then((all) => all.FirstCharger));

type Needs = HomeTasksProps["needs"];

const SHOWN = 10; // rows of a list
const ROUND_MS = 30_000; // diagnoses may change without an alarm
const WIDTH = 480; // of the chart of a day
const NO_ENERGY: MonthEnergy = {
  today_wh: 0,
  month_wh: 0,
  complete: true,
  day: 0,
  slots: new Array(96).fill(0),
};

/**
 * Shows the overview: tasks for somebody first, then the figures. The figures wait for the tasks, so that nothing moves
 * when these come.
 */
export function Overview() {
  const chargers = allChargers();
  const [Tasks, setTasks] = useState<ComponentType<HomeTasksProps> | null>(null);
  const [told, setTold] = useState(false);
  const needs = useNeeds();
  useEffect(() => void loadPages().then(({ HomeTasks }) => setTasks(() => HomeTasks)), []);
  if (generation.value > 0 && chargers.length === 0) return <FirstCharger />;
  const shown = countedOf(chargers);
  const connected = shown.filter((charger) => charger.connected).length;
  return (
    <>
      <PageHead
        title={settings.value?.name || t("title")}
        text={t("connected", { n: connected, all: shown.length })}
      />
      <div class="stack" aria-live="polite">
        {Tasks && <Tasks needs={needs} told={() => setTold(true)} />}
      </div>
      {told && <Figures chargers={chargers} />}
    </>
  );
}

/** Loads the diagnoses that need somebody, of all chargers; anew when an alarm comes or goes. Asked for before their code is there. */
function useNeeds(): Needs {
  const told = alarms.value.map(({ kind, name }) => kind + name).join();
  const { value, error } = useLoad(
    () => get(at("/ocpp/diagnosis/", {}, { calm: "false", limit: 1000 })),
    [generation.value, told, Math.floor(now.value / ROUND_MS)],
  );
  return value?.chargers ?? (error ? [] : null);
}

function Figures({ chargers }: { chargers: ChargerView[] }) {
  const minute = Math.floor(now.value / 60_000);
  const load = () => loadMonth(now.value);
  const { value, loading, error } = useLoad(load, [generation.value, minute, onlyReal()]);
  const counted = countedOf(chargers);
  const watts = counted.flatMap(({ connectors }) => connectors).reduce(
    (sum, { power_w, transaction_id }) => sum + (transaction_id === null ? 0 : power_w ?? 0),
    0,
  );
  const energy = value ?? NO_ENERGY;
  return (
    <div class="home">
      <section class="card kpi hero">
        <span class="label">{t("power_now")}</span>
        <span class="value" data-testid="power-now">
          {number(watts / 1000, 1)}
          <small>kW</small>
        </span>
        <DayChart energy={energy} />
        {!energy.complete && <p class="soft small">{t("incomplete")}</p>}
        {error && <LoadState loading={loading} error={error} />}
      </section>
      <Running chargers={chargers} />
      <div class="kpis" data-testid="month">
        <Kpi label={t("today")} value={number(energy.today_wh / 1000, 1)} unit="kWh" />
        <Kpi
          label={t("month")}
          value={number(energy.month_wh / 1000, energy.month_wh > 1e6 ? 0 : 1)}
          unit="kWh"
          href="/admin/sessions?period=month&group=holder"
        />
        <States chargers={counted} />
        <SimulatedSwitch />
      </div>
    </div>
  );
}

function Kpi({ label, value, unit, href }: { label: string; value: string; unit?: string; href?: string }) {
  return (
    <section class="card kpi">
      <span class="label">{href ? <a href={href}>{label}</a> : label}</span>
      <span class="value">{value}{unit && <small>{unit}</small>}</span>
    </section>
  );
}

/** The mean power of each quarter-hour of today. */
function DayChart({ energy }: { energy: MonthEnergy }) {
  const { slots } = energy;
  const slot_now = slotAt(now.value, energy);
  const top = Math.max(...slots, 1000);
  const width = WIDTH / slots.length;
  return (
    <>
      <svg class="day" viewBox="0 0 480 120" preserveAspectRatio="none" role="img" aria-label={t("mean")}>
        {slots.map((watts, slot) => {
          const height = Math.max(2, (watts / top) * 116);
          const kind = slot > slot_now ? "rest" : slot === slot_now ? "now" : "";
          const at = slotTime(slot, energy);
          return (
            <rect
              key={slot}
              class={kind}
              x={slot * width}
              width={width - 1}
              rx={1}
              y={120 - height}
              height={height}
            >
              <title>{t("bar", { at, kw: kw(watts) })}</title>
            </rect>
          );
        })}
      </svg>
      <div class="day-axis" aria-hidden="true">
        <span>00</span>
        <span>06</span>
        <span>12</span>
        <span>18</span>
        <span>24</span>
      </div>
      <span class="label small">{t("mean")}</span>
    </>
  );
}

function Running({ chargers }: { chargers: ChargerView[] }) {
  useHolders();
  const all = countedOf([...sessions.value.values()]).sort((a, b) => b.transaction_id - a.transaction_id);
  const more = all.length > SHOWN && (
    <a class="btn small" href="/admin/sessions?state=active">{t("all_sessions", { n: all.length })}</a>
  );
  return (
    <Card
      title={
        <>
          {t("sessions")} <span class="soft" data-testid="running">{all.length || ""}</span>
        </>
      }
      side={more}
      flush
    >
      {all.length === 0 ? <Empty icon="sessions">{t("no_sessions")}</Empty> : (
        <div class="table-wrap">
          <table class="cards-on-phone">
            <thead>
              <tr>
                <th>{t("charger")}</th>
                <th class="num">{t("power")}</th>
                <th class="num">{t("energy")}</th>
                <th class="num">{t("duration")}</th>
              </tr>
            </thead>
            <tbody>
              {all.slice(0, SHOWN).map((session) => (
                <RunningRow
                  key={session.transaction_id}
                  session={session}
                  charger={chargers.find(({ charger_id }) => charger_id === session.charger_id)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function RunningRow({ session, charger }: { session: Session; charger: ChargerView | undefined }) {
  const connector = charger?.connectors.find(({ connector_id }) => connector_id === session.connector_id);
  return (
    <tr>
      <td>
        <a class="name" href={`/admin/chargers/${encodeURIComponent(session.charger_id)}`}>
          {charger?.name || session.charger_id}
        </a>{" "}
        {session.simulated && <SimBadge />}
        <div class="small soft">{holderOf(session.id_tag)} · {connectorName(session.connector_id)}</div>
        {connector?.status !== "Charging" && <StatusChip status={connector?.status ?? "offline"} />}
      </td>
      <td class="num" data-label={t("power")}>{kw(connector?.power_w)}</td>
      <td class="num" data-label={t("energy")}>{kwh(connector?.energy_wh ?? session.energy_wh)}</td>
      <td class="num" data-label={t("duration")} title={shortTime(session.start_time)}>
        {duration(now.value - Date.parse(session.start_received))}
      </td>
    </tr>
  );
}

function States({ chargers }: { chargers: ChargerView[] }) {
  const counts = new Map<string, number>();
  for (const { connected, connectors } of chargers) {
    for (const { connector_id, status } of connectors) {
      if (connector_id === 0) continue;
      const state = connected ? status : "offline";
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
  }
  const entries = [...counts].sort(([, a], [, b]) => b - a);
  return (
    <Card title={t("states")}>
      <div class="states" aria-hidden="true">
        {entries.map(([state, n]) => (
          <i key={state} class={`tone-${lookOf(state).tone}`} style={{ flexGrow: n }}></i>
        ))}
      </div>
      <ul class="states-list">
        {entries.map(([state, n]) => (
          <li key={state}>
            <StatusChip status={state}>
              {stateText(state)} <b>{n}</b>
            </StatusChip>
          </li>
        ))}
      </ul>
    </Card>
  );
}
