// The sums of sessions by holder, card, charger or day, by the gateway; of a whole month with each holder's statement.
import type { AnswerAt } from "../../../http/client_types.ts";
import { wordOf } from "../../components/word.tsx";
import { at, get } from "../../api.ts";
import { Card, Empty, LoadState, useLoad } from "../../components/parts.tsx";
import { duration, number } from "../../format.ts";
import { language, messages } from "../../i18n.ts";
import { generation } from "../../live.ts";
import { simulatedSums } from "../../simulated.ts";
import { SESSIONS } from "../../../i18n/admin/sessions.ts";
import { FIRST_DAY, type SessionQuery } from "./table.tsx";

const t = messages(SESSIONS);

type Group = "holder" | "tag" | "charger" | "day";
type Answer = AnswerAt<"GET", "/ocpp/energy/">;
type Row = Answer["rows"][number];

/** Returns the address of the sums; `file`: as a file. */
export function groupsPath(
  { from = FIRST_DAY, to, charger_id, id_tag }: SessionQuery,
  group: Group,
  file: { format?: "csv" | "xlsx"; lang?: string } = {},
) {
  const by = group === "day" ? { by: "day" as const } : { group };
  const asked = { from, to, charger_id, id_tag, ...by, ...simulatedSums(), ...file };
  const known = Object.entries(asked).filter(([, value]) => value !== undefined);
  return at("/ocpp/energy/", {}, Object.fromEntries(known));
}

interface GroupsProps {
  query: SessionQuery;
  group: Group;
  /** The month `YYYY-MM` that is shown whole. */
  month: string | undefined;
}

/** Shows the sums, and their total. */
export function Groups({ query, group, month }: GroupsProps) {
  const path = groupsPath(query, group);
  const { value, loading, error } = useLoad(() => get(path), [path, generation.value]);
  if (!value) return <LoadState loading={loading} error={error} />;
  const rows = value.rows.filter(({ sessions, energy_wh }) => sessions > 0 || energy_wh > 0);
  return (
    <>
      {!value.complete && <p class="soft">{t("incomplete")}</p>}
      <Card flush>
        {rows.length === 0 ? <Empty icon="report">{t("none")}</Empty> : (
          <div class="table-wrap" tabIndex={0}>
            <table data-testid="groups">
              <thead>
                <tr>
                  <th>{t(`by_${group}`)}</th>
                  <th class="num">{t("title")}</th>
                  <th class="num">{t("energy")} (kWh)</th>
                  <th class="num">{t("duration")}</th>
                  <th class="num">{t("charging")}</th>
                  <th class="num">{t("peak")} (kW)</th>
                  <th class="num">{t("doubts")}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={nameOf(row, group) + row.label}>
                    <td>
                      <Name row={row} group={group} month={month} />
                    </td>
                    <Figures figures={row} />
                  </tr>
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <td>
                    <b>{t("total")}</b>
                  </td>
                  <Figures figures={value.totals} />
                </tr>
              </tfoot>
            </table>
          </div>
        )}
      </Card>
    </>
  );
}

/** A name; of a holder in a month it leads to the statement. */
function Name({ row, group, month }: { row: Row } & Pick<GroupsProps, "group" | "month">) {
  const name = nameOf(row, group);
  const { holder, id_tag } = row;
  if (!month || group === "day" || group === "charger" || !(holder || id_tag)) return <>{name}</>;
  const whose = group === "holder" && holder ? { holder } : { id_tag: id_tag ?? "" };
  const query = { month, format: "html", lang: language.value, ...simulatedSums(), ...whose };
  return (
    <a href={`/ocpp/report/statement/?${new URLSearchParams(query)}`} target="_blank" rel="noreferrer">
      {name}
    </a>
  );
}

function Figures({ figures }: { figures: Answer["totals"] }) {
  const { sessions, energy_wh, connected_s, charging_s, peak_power_w, doubtful_sessions } = figures;
  const flags = Object.entries(figures.flags).map(([flag, count]) => `${count} × ${wordOf("flag", flag)}`);
  return (
    <>
      <td class="num">{number(sessions)}</td>
      <td class="num">
        <b>{number(energy_wh / 1000, 3)}</b>
      </td>
      <td class="num">{duration(connected_s * 1000)}</td>
      <td class="num">{duration(charging_s * 1000)}</td>
      <td class="num">{number(peak_power_w / 1000, 1)}</td>
      <td class="num" title={flags.join("\n")}>{number(doubtful_sessions)}</td>
    </>
  );
}

function nameOf({ label, holder, id_tag, charger_id, name }: Row, group: Group): string {
  if (group === "day") return label;
  if (group === "charger") return name || charger_id || "–";
  return (group === "holder" ? holder || id_tag : id_tag) || t("no_card");
}
