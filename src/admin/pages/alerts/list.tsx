// The alerts that last, and those that are over.
import { at, get } from "../../api.ts";
import { DataTable } from "../../components/data_table.tsx";
import { Card, Empty, LoadState, useLoad } from "../../components/parts.tsx";
import { ago, when } from "../../format.ts";
import { hasMessage, language, messages } from "../../i18n.ts";
import { chargers, now } from "../../live.ts";
import type { Alert } from "../../types.ts";
import { REASONS } from "../../../i18n/admin/diagnosis.ts";
import { ALERTS_PAGE } from "../../../i18n/admin/outputs.ts";

const t = messages(ALERTS_PAGE);
const reason = messages(REASONS);

const POLL_MS = 10_000;
const PAST = 200;
const TONES = { info: "blue", warning: "amber", critical: "red" } as const;

/** Shows both lists. */
export function AlertList() {
  const load = async () => {
    const [open, past] = await Promise.all([
      get(at("/ocpp/alerts/", {}, { state: "open", limit: 500 })),
      get(at("/ocpp/alerts/", {}, { state: "ended", limit: PAST })),
    ]);
    return { open: open.alerts, past: past.alerts };
  };
  const { value, error } = useLoad(load, [Math.floor(now.value / POLL_MS)]);
  return (
    <>
      <LoadState loading={!value && !error} error={error} />
      {value && (
        <>
          <Card title={t("open")} flush>
            {value.open.length === 0
              ? <Empty icon="check">{t("none_open")}</Empty>
              : <Table alerts={value.open} />}
          </Card>
          <Card title={t("past")} flush>
            {value.past.length === 0
              ? <Empty icon="events">{t("none_past")}</Empty>
              : <Table alerts={value.past} past />}
          </Card>
        </>
      )}
    </>
  );
}

function Table({ alerts, past = false }: { alerts: Alert[]; past?: boolean }) {
  return (
    <DataTable
      rows={alerts}
      keyOf={({ alert_id }) => alert_id}
      t={t}
      columns={{
        what: (alert) => <b>{textOf(alert)}</b>,
        where: (alert) => <Where alert={alert} />,
        severity: ({ severity }) => <span class={`chip tone-${TONES[severity]}`}>{t(severity)}</span>,
        since: ({ since }) => past ? when(since) : ago(since),
        ...(past
          ? { until: ({ since, ended_at }: Alert) => ended_at === since ? t("once") : when(ended_at) }
          : {}),
      }}
    />
  );
}

function Where({ alert: { rule, charger_id, connector_id, values } }: { alert: Alert }) {
  if (rule === "site_limit") return <a href="/admin/load">{values.circuit}</a>;
  if (charger_id === null) return <a href="/admin/system">{t("the_gateway")}</a>;
  const known = chargers.get(charger_id)?.value;
  return (
    <>
      {known
        ? <a href={`/admin/chargers/${encodeURIComponent(charger_id)}`}>{known.name || charger_id}</a>
        : charger_id}
      {connector_id !== null && <span class="soft">, {t("connector", { n: connector_id })}</span>}
    </>
  );
}

/** Returns an alert in words, as its messages have it. */
function textOf({ code, values }: Alert): string {
  if (values.text !== undefined) return String(values[language.value] ?? values.text);
  if (hasMessage(REASONS, code)) return reason(code, values);
  return hasMessage(ALERTS_PAGE, code) ? t(code, values) : code;
}
