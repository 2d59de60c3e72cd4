// The sums of sessions by holder, card, charger or day, by the gateway.
import { at, get } from "../../api.ts";
import { Card, Empty, LoadState, useLoad } from "../../components/parts.tsx";
import { duration, number } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { generation } from "../../live.ts";
import { simulatedSums } from "../../simulated.ts";
import { SESSIONS } from "../../../i18n/admin/sessions.ts";
import { FIRST_DAY, type SessionQuery } from "./table.tsx";

const t = messages(SESSIONS);

interface GroupsProps {
  query: SessionQuery;
  group: "holder" | "tag" | "charger" | "day";
}

/** Shows the sums, and their total. */
export function Groups({ query: { from = FIRST_DAY, to, charger_id, id_tag }, group }: GroupsProps) {
  const query = {
    from,
    to,
    charger_id,
    id_tag,
    ...(group === "day" ? { by: "day" as const } : { group }),
    ...simulatedSums(),
  };
  const known = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const load = () => get(at("/ocpp/energy/", {}, known));
  const { value, loading, error } = useLoad(load, [JSON.stringify(known), generation.value]);
  if (!value) return <LoadState loading={loading} error={error} />;
  const rows = value.rows.filter(({ sessions, energy_wh }) => sessions > 0 || energy_wh > 0);
  return (
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
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={nameOf(row, group) + row.label} name={nameOf(row, group)} figures={row} />
              ))}
            </tbody>
            <tfoot>
              <Row name={t("total")} figures={value.totals} />
            </tfoot>
          </table>
        </div>
      )}
    </Card>
  );
}

interface Figures {
  sessions: number;
  energy_wh: number;
  connected_s: number;
}

function Row({ name, figures: { sessions, energy_wh, connected_s } }: { name: string; figures: Figures }) {
  return (
    <tr>
      <td>{name}</td>
      <td class="num">{number(sessions)}</td>
      <td class="num">
        <b>{number(energy_wh / 1000, 3)}</b>
      </td>
      <td class="num">{duration(connected_s * 1000)}</td>
    </tr>
  );
}

interface Named {
  label: string;
  holder?: string;
  id_tag?: string | null;
  charger_id?: string;
  name?: string;
}

function nameOf({ label, holder, id_tag, charger_id, name }: Named, group: GroupsProps["group"]): string {
  if (group === "day") return label;
  if (group === "charger") return name || charger_id || "–";
  return (group === "holder" ? holder || id_tag : id_tag) || t("no_card");
}
