// The monthly report by card and by charger, for print.
import { useState } from "preact/hooks";
import { getAll } from "../api.ts";
import { Card, Empty, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { duration, kwh, number } from "../format.ts";
import { SimulatedSwitch } from "../components/simulated_switch.tsx";
import { Icon } from "../icons.tsx";
import { locale, messages } from "../i18n.ts";
import { chargers, now, settings } from "../live.ts";
import { counted } from "../simulated.ts";
import { monthAfter } from "../typed_time.ts";
import { dayAt, siteZone, timeOf } from "../zone.ts";
import type { Rfid, Session } from "../types.ts";
import { REPORT } from "../../i18n/admin/report.ts";
import { lengthOf } from "./sessions/table.tsx";

const t = messages(REPORT);

/** Shows the report of a month. */
export default function Report() {
  const [chosen, setMonth] = useState("");
  const zone = siteZone();
  const month = chosen || dayAt(Date.now()).slice(0, 7);
  const { value, loading, error } = useLoad(() => load(month), [month, zone]);
  const sessions = counted(value?.sessions ?? []);
  return (
    <>
      <PageHead
        title={`${t("title")}: ${nameOf(month)}`}
        text={[settings.value?.name, t("text", { zone })].filter(Boolean).join(" · ")}
      >
        <input
          type="month"
          aria-label={t("month")}
          value={month}
          onChange={(event) => setMonth(event.currentTarget.value || month)}
        />
        <button type="button" class="btn primary" onClick={() => print()}>
          <Icon name="print" size={18} /> {t("print")}
        </button>
      </PageHead>
      <SimulatedSwitch always />
      <LoadState loading={loading} error={error} />
      {value && sessions.length === 0 && (
        <Card>
          <Empty icon="report">{t("none")}</Empty>
        </Card>
      )}
      {value && sessions.length > 0 && (
        <>
          <Table title={t("by_card")} head={[t("card"), t("label")]} groups={byCard(sessions, value.rfids)} />
          <Table title={t("by_charger")} head={[t("charger")]} groups={byCharger(sessions)} />
        </>
      )}
    </>
  );
}

/** Returns the name of a month `YYYY-MM`. */
function nameOf(month: string): string {
  const format = new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric", timeZone: "UTC" });
  return format.format(new Date(`${month}-01`));
}

async function load(month: string): Promise<{ sessions: Session[]; rfids: Rfid[] }> {
  const [from, to] = [month, monthAfter(month)].map((one) => new Date(timeOf(`${one}-01`)).toISOString());
  const query = { from: from!, to: to! };
  const [sessions, rfids] = await Promise.all([
    getAll("/ocpp/transactions/", query, 100_000),
    getAll("/ocpp/rfids/", {}, 100_000),
  ]);
  return { sessions, rfids };
}

interface Group {
  titles: string[];
  sessions: Session[];
}

function byCard(sessions: Session[], rfids: Rfid[]): Group[] {
  const labels = new Map(rfids.map(({ rfid, label }) => [rfid.toUpperCase(), label]));
  return groupBy(sessions, ({ id_tag }) => id_tag.toUpperCase())
    .map(([tag, found]) => ({ titles: [tag || t("no_card"), labels.get(tag) ?? ""], sessions: found }));
}

function byCharger(sessions: Session[]): Group[] {
  return groupBy(sessions, ({ charger_id }) => charger_id)
    .map(([id, found]) => ({ titles: [chargers.get(id)?.value.name || id], sessions: found }));
}

function groupBy(sessions: Session[], keyOf: (session: Session) => string): [string, Session[]][] {
  const groups = Object.groupBy(sessions, keyOf) as Record<string, Session[]>;
  return Object.entries(groups).sort(([, a], [, b]) => energyOf(b) - energyOf(a));
}

function energyOf(sessions: Session[]): number {
  return sessions.reduce((sum, { energy_wh }) => sum + (energy_wh ?? 0), 0);
}

function Table({ title, head, groups }: { title: string; head: string[]; groups: Group[] }) {
  const all = groups.flatMap(({ sessions }) => sessions);
  const most = Math.max(1, ...groups.map(({ sessions }) => energyOf(sessions)));
  return (
    <Card title={title} flush>
      <div class="table-wrap" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {head.map((name) => <th key={name}>{name}</th>)}
              <th class="no-print" aria-hidden="true"></th>
              <th class="num">{t("sessions")}</th>
              <th class="num">{t("energy")}</th>
              <th class="num">{t("duration")}</th>
              <th class="num">{t("doubtful")}</th>
            </tr>
          </thead>
          <tbody>
            {groups.map(({ titles, sessions }) => (
              <tr key={titles[0]}>
                {titles.map((text, index) => <td key={index}>{text}</td>)}
                <td class="no-print">
                  <span class="bar">
                    <i style={{ width: `${(energyOf(sessions) / most) * 100}%` }}></i>
                  </span>
                </td>
                <Sums sessions={sessions} />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={head.length}>
                <b>{t("total")}</b>
              </td>
              <td class="no-print"></td>
              <Sums sessions={all} />
            </tr>
          </tfoot>
        </table>
      </div>
    </Card>
  );
}

function Sums({ sessions }: { sessions: Session[] }) {
  const time = sessions.reduce((sum, one) => sum + lengthOf(one, now.value), 0);
  return (
    <>
      <td class="num">{number(sessions.length)}</td>
      <td class="num">
        <b>{kwh(energyOf(sessions))}</b>
      </td>
      <td class="num">{duration(time)}</td>
      <td class="num">{number(sessions.filter(({ flags }) => flags.length > 0).length)}</td>
    </>
  );
}
