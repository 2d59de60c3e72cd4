// The audit log: changes and logins with all that was sent.
import { useLocation } from "preact-iso/router";
import { at, get } from "../../api.ts";
import { Word, wordOf } from "../../components/word.tsx";
import { CsvButton, PagedLog } from "../../components/paged_log.tsx";
import { Field } from "../../components/parts.tsx";
import { when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import type { AuditEntry } from "../../types.ts";
import { AUDIT } from "../../../i18n/admin/site.ts";
import { beginOf, PeriodField, periodIn } from "./filter_fields.tsx";
import { RECORD_KINDS, recordPage } from "../../record_links.ts";

const t = messages(AUDIT);

/** Shows the log. */
export function AuditLog() {
  const { query, path, route } = useLocation();
  const period = periodIn(query);
  const filter = {
    ...query.kind ? { kind: query.kind } : {},
    ...query.who ? { who: query.who } : {},
  };
  const asked = () => ({ ...filter, ...beginOf(period) });
  const set = (name: "kind" | "who" | "period", value: string) => {
    const given = Object.entries({ ...filter, period, [name]: value.trim() }).filter(([, value]) => value);
    route(`${path}${given.length > 0 ? `?${new URLSearchParams(given)}` : ""}`, true);
  };
  return (
    <>
      <div class="row between no-print">
        <p class="soft">{t("text")}</p>
        <CsvButton path={at("/ocpp/audit/", {}, { ...asked(), format: "csv" })} file="audit.csv" />
      </div>
      <div class="filters no-print">
        <Field label={t("on")}>
          <select value={query.kind ?? ""} onChange={(event) => set("kind", event.currentTarget.value)}>
            <option value="">{t("any")}</option>
            {RECORD_KINDS.map((kind) => <option key={kind} value={kind}>{wordOf("object", kind)}</option>)}
          </select>
        </Field>
        <Field label={t("who")}>
          <input
            type="search"
            value={query.who ?? ""}
            placeholder={t("any")}
            onChange={(event) => set("who", event.currentTarget.value)}
          />
        </Field>
        <PeriodField value={period} set={(value) => set("period", value)} />
      </div>
      <PagedLog
        load={(cursor) =>
          get(at("/ocpp/audit/", {}, { ...asked(), limit: 100, ...(cursor === null ? {} : { cursor }) }))}
        asked={JSON.stringify([filter, period])}
        none={t("empty")}
        icon="audit"
        t={t}
        columns={{
          at: ({ at }) => when(at),
          who: ({ who, via }) => (
            <>
              <b>{who || "–"}</b> <span class="soft small">{t(via)}</span>
            </>
          ),
          what: ({ action, details }) =>
            details === null ? actionText(action) : (
              <details>
                <summary>{actionText(action)}</summary>
                <pre>{JSON.stringify(details, null, 2)}</pre>
              </details>
            ),
          on: (entry) => <Record entry={entry} />,
          from: ({ address }) => <span class="soft">{address}</span>,
        }}
      />
    </>
  );
}

/** A change or a command in words. */
function actionText(action: string): string {
  return wordOf("action", wordOf("command", action));
}

function Record({ entry: { kind, id } }: { entry: AuditEntry }) {
  const page = recordPage(kind, id);
  const name = (
    <>
      <Word kind="object" of={kind} /> <code>{id}</code>
    </>
  );
  return page ? <a href={page}>{name}</a> : name;
}
