// The audit log.
import { useState } from "preact/hooks";
import { at, authHeaders, get } from "../api.ts";
import { DataTable } from "../components/data_table.tsx";
import { attempt, saveFile } from "../components/inputs.tsx";
import { Card, Empty, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { when } from "../format.ts";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import type { AuditEntry } from "../types.ts";
import { AUDIT } from "../../i18n/admin/site.ts";

const t = messages(AUDIT);

/** Shows the audit log with its filters. */
export default function Audit() {
  const [older, setOlder] = useState<AuditEntry[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const first = useLoad(async () => {
    const page = await get(at("/ocpp/audit/", {}, { limit: 100 }));
    setNext(page.next);
    setOlder([]);
    return page.entries;
  }, []);
  const more = () =>
    attempt(async () => {
      const page = await get(at("/ocpp/audit/", {}, { limit: 100, cursor: Number(next) }));
      setNext(page.next);
      setOlder((before) => [...before, ...page.entries]);
    });
  const csv = async () =>
    saveFile("audit.csv", await (await fetch("/ocpp/audit/?format=csv", { headers: authHeaders() })).blob());
  const entries = [...first.value ?? [], ...older];
  return (
    <>
      <PageHead title={t("title")} text={t("text")}>
        <button type="button" class="btn" onClick={() => void attempt(csv)}>
          <Icon name="download" size={18} /> {t("csv")}
        </button>
      </PageHead>
      <Card flush>
        <LoadState loading={first.loading} error={first.error} />
        {first.value && entries.length === 0
          ? <Empty icon="audit">{t("none")}</Empty>
          : <Table entries={entries} />}
        {next !== null && (
          <div class="empty">
            <button type="button" class="btn" onClick={() => void more()}>{t("more")}</button>
          </div>
        )}
      </Card>
    </>
  );
}

function Table({ entries }: { entries: AuditEntry[] }) {
  return (
    <DataTable
      rows={entries}
      keyOf={({ sequence }) => sequence}
      t={t}
      columns={{
        at: ({ at }) => when(at),
        who: ({ who, via }) => (
          <>
            <b>{who || "–"}</b> <span class="soft small">{via}</span>
          </>
        ),
        what: ({ action, details }) =>
          details === null ? action : (
            <details>
              <summary>{action}</summary>
              <pre>{JSON.stringify(details, null, 2)}</pre>
            </details>
          ),
        on: ({ kind, id }) => (
          <>
            {kind} <code>{id}</code>
          </>
        ),
        from: ({ address }) => <span class="soft">{address}</span>,
      }}
    />
  );
}
