// The site's sessions: by period, one by one or summed by group, with exports. Grouped by holder and printed it is the monthly report.
import { useLocation } from "preact-iso/router";
import { send } from "../api.ts";
import { attempt, saveFile, Segmented } from "../components/inputs.tsx";
import { Field, PageHead } from "../components/parts.tsx";
import { SimulatedSwitch } from "../components/simulated_switch.tsx";
import { Icon } from "../icons.tsx";
import { language, messages } from "../i18n.ts";
import { chargers, ids, settings } from "../live.ts";
import { simulatedQuery } from "../simulated.ts";
import { isoOf } from "../typed_time.ts";
import { siteZone } from "../zone.ts";
import type { Session } from "../types.ts";
import { SESSIONS } from "../../i18n/admin/sessions.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { Groups, groupsPath } from "./sessions/groups.tsx";
import { daysOf, monthName, monthOf, type PeriodChoice, periodOf, PERIODS } from "./sessions/period.ts";
import { queryText, type SessionQuery, SessionTable } from "./sessions/table.tsx";

const t = messages(SESSIONS);
const shell = messages(SHELL);

const GROUPS = ["none", "holder", "tag", "charger", "day"] as const;

/** The choice that the address keeps. */
type Choice = PeriodChoice & Partial<Record<"group" | "state" | "charger_id" | "id_tag", string>>;

/** Shows the sessions. */
export default function Sessions() {
  const { query: asked, route } = useLocation();
  const choice = asked as Choice;
  const group = choice.state ? "none" : GROUPS.find((one) => one === choice.group) ?? "none";
  const choose = (change: Choice) => {
    const { id: _shown, ...kept } = Object.fromEntries(new URLSearchParams(location.search)); // also what is not drawn yet
    const chosen = Object.entries({ ...kept, ...change }).filter(([, value]) => value);
    route(`/admin/sessions?${new URLSearchParams(chosen as [string, string][])}`, true);
  };
  const query = { ...filterOf(choice), ...simulatedQuery() };
  const file = (format: "csv" | "xlsx") => () => void attempt(() => save(query, { group, format }));
  return (
    <>
      <PageHead title={titleOf(choice, group)} text={textOf(group)}>
        {(["csv", "xlsx"] as const).map((format) => (
          <button key={format} type="button" class="btn" onClick={file(format)}>
            <Icon name="download" size={18} /> {t(format)}
          </button>
        ))}
        <button type="button" class="btn" onClick={() => print()}>
          <Icon name="print" size={18} /> {t("print")}
        </button>
      </PageHead>
      <Filters choice={choice} choose={choose} group={group} />
      {group === "none"
        ? <SessionTable query={query} shown={Number(asked.id) || undefined} />
        : <Groups query={query} group={group} month={monthOf(choice)} />}
    </>
  );
}

interface FiltersProps {
  choice: Choice;
  choose: (change: Choice) => void;
  group: typeof GROUPS[number];
}

function Filters({ choice, choose, group }: FiltersProps) {
  const period = periodOf(choice);
  const change = (name: keyof Choice) => (event: { currentTarget: { value: string } }) =>
    choose({ [name]: event.currentTarget.value.trim() });
  return (
    <>
      <div class="row no-print">
        <Segmented
          value={period}
          set={(name) =>
            choose({ period: name, month: "", ...(name === "range" ? {} : { from: "", to: "" }) })}
          options={PERIODS.map((name) => [name, t(name)] as const)}
        />
        <SimulatedSwitch always />
      </div>
      <div class="filters no-print">
        {period === "one_month" && (
          <Field label={t("one_month")}>
            <input type="month" value={monthOf(choice) ?? ""} onChange={change("month")} />
          </Field>
        )}
        {period === "range" && (
          <>
            <Field label={t("from")}>
              <input type="date" value={choice.from ?? ""} onChange={change("from")} />
            </Field>
            <Field label={t("to")}>
              <input type="date" value={choice.to ?? ""} onChange={change("to")} />
            </Field>
          </>
        )}
        <Field label={t("state")}>
          <select value={choice.state ?? ""} onChange={change("state")}>
            <option value="">{t("all")}</option>
            <option value="active">{t("active")}</option>
            <option value="completed">{t("completed")}</option>
          </select>
        </Field>
        <Field label={t("charger")}>
          <select value={choice.charger_id ?? ""} onChange={change("charger_id")}>
            <option value="">{t("any")}</option>
            {ids.value.map((id) => <option key={id} value={id}>{chargers.get(id)?.value.name || id}</option>)}
          </select>
        </Field>
        <Field label={t("card")}>
          <input
            type="search"
            value={choice.id_tag ?? ""}
            placeholder={t("any")}
            onChange={change("id_tag")}
          />
        </Field>
        {!choice.state && (
          <Field label={t("group")}>
            <select value={group} onChange={change("group")}>
              {GROUPS.map((name) => <option key={name} value={name}>{t(`by_${name}`)}</option>)}
            </select>
          </Field>
        )}
      </div>
    </>
  );
}

/** Returns the title, which on paper must say what the sums are of. */
function titleOf(choice: Choice, group: typeof GROUPS[number]): string {
  if (group === "none") return t("title");
  const { charger_id, id_tag } = choice;
  const [first, behind] = daysOf(choice);
  const month = monthOf(choice);
  const when = month ? monthName(month) : [choice.from ?? first, choice.to ?? behind].filter(Boolean)[0];
  const of = charger_id && (chargers.get(charger_id)?.value.name || charger_id);
  return [t(`sums_${group}`), ...[when, of, id_tag].filter(Boolean)].join(" · ");
}

function textOf(group: typeof GROUPS[number]): string {
  const zone = shell("times_in", { zone: siteZone() });
  return group === "none" ? "" : [settings.value?.name, t("sums_text"), zone].filter(Boolean).join(" · ");
}

/** Returns the filter of a choice, its days as times. */
function filterOf(choice: Choice): SessionQuery {
  const { state, charger_id, id_tag } = choice;
  const [first, behind] = daysOf(choice);
  return {
    ...(isState(state) ? { state } : {}),
    ...(charger_id ? { charger_id } : {}),
    ...(id_tag ? { id_tag } : {}),
    ...(first ? { from: isoOf(first)! } : {}),
    ...(behind ? { to: isoOf(behind)! } : {}),
  };
}

interface File {
  group: typeof GROUPS[number];
  format: "csv" | "xlsx";
}

/** Saves what is shown: the sessions, or their sums. */
async function save(query: SessionQuery, { group, format }: File): Promise<void> {
  const path = group === "none"
    ? `/ocpp/transactions/?format=${format}&lang=${language.value}&${queryText(query)}`
    : groupsPath(query, group, { format, lang: language.value });
  const answer = await send("GET", path);
  saveFile(`${group === "none" ? "sessions" : `sessions-${group}`}.${format}`, await answer.blob());
}

function isState(text: string | undefined): text is Session["state"] {
  return text === "active" || text === "completed";
}
