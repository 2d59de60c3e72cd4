// The site's sessions, with filters and exports.
import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";
import { send } from "../api.ts";
import { attempt, saveFile } from "../components/inputs.tsx";
import { Field, PageHead } from "../components/parts.tsx";
import { SimulatedSwitch } from "../components/simulated_switch.tsx";
import { Icon } from "../icons.tsx";
import { language, messages } from "../i18n.ts";
import { chargers, ids } from "../live.ts";
import { simulatedQuery } from "../simulated.ts";
import { isoOf } from "../typed_time.ts";
import { dayAfter, siteZone } from "../zone.ts";
import type { Session } from "../types.ts";
import { SESSIONS } from "../../i18n/admin/sessions.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { queryText, type SessionQuery, SessionTable } from "./sessions/table.tsx";

const t = messages(SESSIONS);
const shell = messages(SHELL);

/** Shows the sessions. */
export default function Sessions() {
  const { query: asked } = useLocation();
  const [filter, setFilter] = useState<SessionQuery>({
    ...(isState(asked.state) ? { state: asked.state } : {}),
    id_tag: asked.id_tag ?? "",
  });
  const change = (name: keyof SessionQuery) => (event: { currentTarget: { value: string } }) =>
    setFilter((before) => ({ ...before, [name]: event.currentTarget.value.trim() }));
  const query = { ...withTimes(filter), ...simulatedQuery() };
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
      <div class="filters no-print">
        <Field label={t("state")}>
          <select value={filter.state ?? ""} onChange={change("state")}>
            <option value="">{t("all")}</option>
            <option value="active">{t("active")}</option>
            <option value="completed">{t("completed")}</option>
          </select>
        </Field>
        <Field label={t("charger")}>
          <select value={filter.charger_id ?? ""} onChange={change("charger_id")}>
            <option value="">{t("any")}</option>
            {ids.value.map((id) => <option key={id} value={id}>{chargers.get(id)?.value.name || id}</option>)}
          </select>
        </Field>
        <Field label={t("card")}>
          <input
            type="search"
            defaultValue={filter.id_tag}
            placeholder={t("any")}
            onChange={change("id_tag")}
          />
        </Field>
        <Field label={t("from")}>
          <input type="date" onChange={change("from")} />
        </Field>
        <Field label={t("to")}>
          <input type="date" onChange={change("to")} />
        </Field>
        <SimulatedSwitch always />
      </div>
      <SessionTable query={query} shown={Number(asked.id) || undefined} />
    </>
  );
}

/** Returns a filter with its days as times of the site's zone; the last day is included. */
function withTimes(filter: SessionQuery): SessionQuery {
  const { from, to, ...others } = filter;
  return {
    ...others,
    ...(from ? { from: isoOf(from)! } : {}),
    ...(to ? { to: isoOf(dayAfter(to))! } : {}),
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
