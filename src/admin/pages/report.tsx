// The monthly report by holder and by charger, with the gateway's figures, for print and as files.
import { useState } from "preact/hooks";
import type { AnswerAt } from "../../http/client_types.ts";
import { at, get, send } from "../api.ts";
import { attempt, saveFile } from "../components/inputs.tsx";
import { Card, Empty, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { duration, number } from "../format.ts";
import { SimulatedSwitch } from "../components/simulated_switch.tsx";
import { Icon } from "../icons.tsx";
import { language, locale, messages } from "../i18n.ts";
import { settings } from "../live.ts";
import { simulatedSums } from "../simulated.ts";
import { dayAt, siteZone } from "../zone.ts";
import { REPORT } from "../../i18n/admin/report.ts";
import { flagText } from "./sessions/flag_text.ts";

const t = messages(REPORT);

type Answer = AnswerAt<"GET", "/ocpp/report/">;
type Row = Answer["rows"][number];

/** Shows the report of a month. */
export default function Report() {
  const zone = siteZone();
  const [chosen, setChosen] = useState("");
  const month = chosen || dayAt(Date.now()).slice(0, 7);
  const sums = simulatedSums();
  const { value, loading, error } = useLoad(() => load(month, sums), [month, sums.simulated, zone]);
  const name = new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric", timeZone: "UTC" })
    .format(new Date(`${month}-15T00:00:00Z`));
  return (
    <>
      <PageHead
        title={`${t("title")}: ${name}`}
        text={[settings.value?.name, t("text", { zone: value?.holders.time_zone ?? zone })].filter(Boolean)
          .join(" · ")}
      >
        <input
          type="month"
          aria-label={t("month")}
          value={month}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <Download month={month} format="csv" />
        <Download month={month} format="xlsx" />
        <button type="button" class="btn primary" onClick={() => print()}>
          <Icon name="print" size={18} /> {t("print")}
        </button>
      </PageHead>
      <SimulatedSwitch always />
      <LoadState loading={loading} error={error} />
      {value && !value.holders.complete && <p class="soft">{t("incomplete")}</p>}
      {value && value.holders.rows.length === 0 && (
        <Card>
          <Empty icon="report">{t("none")}</Empty>
        </Card>
      )}
      {value && value.holders.rows.length > 0 && (
        <>
          <Table
            title={t("by_card")}
            head={[t("label"), t("card")]}
            report={value.holders}
            namesOf={(row) => [row.holder || "", row.id_tag === "" ? t("no_card") : row.id_tag ?? ""]}
            linkOf={(row) => statementOf(row, month)}
          />
          <Table
            title={t("by_charger")}
            head={[t("charger")]}
            report={value.chargers}
            namesOf={({ charger_id, name }) => [name || charger_id || ""]}
          />
        </>
      )}
    </>
  );
}

type Sums = ReturnType<typeof simulatedSums>;

async function load(month: string, sums: Sums): Promise<{ holders: Answer; chargers: Answer }> {
  const [holders, chargers] = await Promise.all([
    get(at("/ocpp/report/", {}, { month, group: "holder", ...sums })),
    get(at("/ocpp/report/", {}, { month, group: "charger", ...sums })),
  ]);
  return { holders, chargers };
}

/** Returns the address of a holder's statement, or of a card's without one. */
function statementOf({ holder, id_tag }: Row, month: string): string {
  const whose = holder ? { holder } : { id_tag: id_tag ?? "" };
  const query = { month, format: "html", lang: language.value, ...simulatedSums() };
  return `/ocpp/report/statement/?${new URLSearchParams({ ...query, ...whose })}`;
}

function Download({ month, format }: { month: string; format: "csv" | "xlsx" }) {
  const save = async () => {
    const query = { month, group: "holder", format, lang: language.value, ...simulatedSums() } as const;
    const answer = await send("GET", at("/ocpp/report/", {}, query));
    saveFile(`report-${month}.${format}`, await answer.blob());
  };
  return (
    <button type="button" class="btn" onClick={() => void attempt(save)}>
      <Icon name="download" size={18} /> {format === "csv" ? "CSV" : "Excel"}
    </button>
  );
}

interface TableParts {
  title: string;
  head: string[];
  report: Answer;
  namesOf: (row: Row) => string[];
  /** The address behind a row's first name that is not empty. */
  linkOf?: (row: Row) => string;
}

function Table({ title, head, report: { rows, totals }, namesOf, linkOf }: TableParts) {
  const most = Math.max(1, ...rows.map(({ energy_wh }) => energy_wh));
  return (
    <Card title={title} flush>
      <div class="table-wrap" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {head.map((name) => <th key={name}>{name}</th>)}
              <th class="no-print" aria-hidden="true"></th>
              <th class="num">{t("sessions")}</th>
              <th class="num">{t("energy")} (kWh)</th>
              <th class="num">{t("duration")}</th>
              <th class="num">{t("charging")}</th>
              <th class="num">{t("peak")} (kW)</th>
              <th class="num">{t("doubtful")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {namesOf(row).map((text, column, all) => (
                  <td key={column}>
                    {linkOf && text && all.findIndex(Boolean) === column
                      ? <a href={linkOf(row)} target="_blank" rel="noreferrer">{text}</a>
                      : text}
                  </td>
                ))}
                <td class="no-print">
                  <span class="bar">
                    <i style={{ width: `${(row.energy_wh / most) * 100}%` }}></i>
                  </span>
                </td>
                <Figures figures={row} />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={head.length}>
                <b>{t("total")}</b>
              </td>
              <td class="no-print"></td>
              <Figures figures={totals} />
            </tr>
          </tfoot>
        </table>
      </div>
    </Card>
  );
}

function Figures({ figures }: { figures: Answer["totals"] }) {
  const flags = Object.entries(figures.flags).map(([flag, count]) => `${count} × ${flagText(flag)}`);
  return (
    <>
      <td class="num">{number(figures.sessions)}</td>
      <td class="num">
        <b>{number(figures.energy_wh / 1000, 3)}</b>
      </td>
      <td class="num">{duration(figures.connected_s * 1000)}</td>
      <td class="num">{duration(figures.charging_s * 1000)}</td>
      <td class="num">{number(figures.peak_power_w / 1000, 1)}</td>
      <td class="num" title={flags.join("\n")}>{number(figures.doubtful_sessions)}</td>
    </>
  );
}
