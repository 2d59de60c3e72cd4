// The site's sessions, with filters and exports.
import { useLocation } from "preact-iso/router";
import { send } from "../api.ts";
import { attempt, saveFile, Segmented } from "../components/inputs.tsx";
import { Field, PageHead } from "../components/parts.tsx";
import { SimulatedSwitch } from "../components/simulated_switch.tsx";
import { Icon } from "../icons.tsx";
import { language, messages } from "../i18n.ts";
import { chargers, ids } from "../live.ts";
import { simulatedQuery } from "../simulated.ts";
import { isoOf } from "../typed_time.ts";
import { dayAfter, dayAt, siteZone } from "../zone.ts";
import type { Session } from "../types.ts";
import { SESSIONS } from "../../i18n/admin/sessions.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { Groups } from "./sessions/groups.tsx";
import { queryText, type SessionQuery, SessionTable } from "./sessions/table.tsx";

const t = messages(SESSIONS);
const shell = messages(SHELL);

const PERIODS = ["all", "today", "month", "last_month", "range"] as const;
const GROUPS = ["none", "holder", "tag", "charger", "day"] as const;

/** The choice that the address keeps; days are those of the site's zone, the last one included. */
type Choice = Partial<Record<"period" | "group" | "from" | "to" | "state" | "charger_id" | "id_tag", string>>;

/** Shows the sessions. */
export default function Sessions() {
  const { query: asked, route } = useLocation();
  const choice = asked as Choice;
  const period = PERIODS.find((one) => one === choice.period) ?? (choice.from || choice.to ? "range" : "all");
  const group = GROUPS.find((one) => one === choice.group) ?? "none";
  const choose = (change: Choice) => {
    const { id: _shown, ...kept } = asked;
    const chosen = Object.entries({ ...kept, ...change }).filter(([, value]) => value);
    route(`/admin/sessions?${new URLSearchParams(chosen as [string, string][])}`, true);
  };
  const change = (name: keyof Choice) => (event: { currentTarget: { value: string } }) =>
    choose({ [name]: event.currentTarget.value.trim() });
  const query = { ...filterOf(choice, period), ...simulatedQuery() };
  return (
    <>
      <PageHead title={t("title")} text={shell("times_in", { zone: siteZone() })}>
        <button type="button" class="btn" onClick={() => void attempt(() => save(query, "csv"))}>
          <Icon name="download" size={18} /> {t("csv")}
        </button>
        <button type="button" class="btn" onClick={() => void attempt(() => save(query, "xlsx"))}>
          <Icon name="download" size={18} /> {t("xlsx")}
        </button>
      </PageHead>
      <div class="row no-print">
        <Segmented
          value={period}
          set={(name) => choose({ period: name, ...(name === "range" ? {} : { from: "", to: "" }) })}
          options={PERIODS.map((name) => [name, t(name)] as const)}
        />
        <SimulatedSwitch always />
      </div>
      <div class="filters no-print">
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
      {group === "none" || choice.state
        ? <SessionTable query={query} shown={Number(asked.id) || undefined} />
        : <Groups query={query} group={group} />}
    </>
  );
}

/** Returns the filter of a choice, its days as times. */
function filterOf(
  { from, to, state, charger_id, id_tag }: Choice,
  period: typeof PERIODS[number],
): SessionQuery {
  const today = dayAt(Date.now());
  const month = `${today.slice(0, 7)}-01`;
  const [first, behind] = {
    all: [],
    today: [today, dayAfter(today)],
    month: [month, dayAfter(today)],
    last_month: [`${dayAfter(month, -1).slice(0, 7)}-01`, month],
    range: [from, to && dayAfter(to)],
  }[period];
  return {
    ...(isState(state) ? { state } : {}),
    ...(charger_id ? { charger_id } : {}),
    ...(id_tag ? { id_tag } : {}),
    ...(first ? { from: isoOf(first)! } : {}),
    ...(behind ? { to: isoOf(behind)! } : {}),
  };
}

async function save(query: SessionQuery, format: "csv" | "xlsx"): Promise<void> {
  const path = `/ocpp/transactions/?format=${format}&lang=${language.value}&${queryText(query)}`;
  const answer = await send("GET", path);
  saveFile(`sessions.${format}`, await answer.blob());
}

function isState(text: string | undefined): text is Session["state"] {
  return text === "active" || text === "completed";
}
