// The deliveries to one webhook, with their outcome.
import { useState } from "preact/hooks";
import { at, call, get } from "../../api.ts";
import { ActionButton } from "../../components/action_button.tsx";
import { DataTable } from "../../components/data_table.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Card, Empty, LoadState, PageHead, useLoad } from "../../components/parts.tsx";
import { toast } from "../../components/toast.tsx";
import { when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import type { Delivery } from "../../types.ts";
import { WEBHOOKS } from "../../../i18n/admin/outputs.ts";

const t = messages(WEBHOOKS);

const PAGE = 100;
const TONES = { waiting: "amber", delivered: "green", failed: "red" } as const;

/** Shows the deliveries, newest first. */
export function Deliveries({ webhook_id }: { webhook_id: string }) {
  const webhook = useLoad(() => get(at("/ocpp/webhooks/{webhook_id}/", { webhook_id })), [webhook_id]);
  const [shown, setShown] = useState<Delivery[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const load = async (cursor?: number) => {
    const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await get(at("/ocpp/webhooks/{webhook_id}/deliveries/", { webhook_id }, query));
    setNext(page.next);
    setShown((before) => cursor === undefined ? page.deliveries : [...before, ...page.deliveries]);
  };
  const first = useLoad(() => load(), [webhook_id]);
  const url = webhook.value?.url ?? "…";
  return (
    <>
      <PageHead title={t("deliveries")} text={url}>
        <a class="btn" href="/admin/webhooks">{t("title")}</a>
      </PageHead>
      <LoadState loading={first.loading} error={webhook.error ?? first.error} />
      <Card flush>
        {shown.length === 0
          ? <Empty icon="api">{t("no_deliveries")}</Empty>
          : <Table webhook_id={webhook_id} deliveries={shown} again={first.again} />}
        {next !== null && (
          <div class="empty">
            <button type="button" class="btn" onClick={() => void attempt(() => load(Number(next)))}>
              {t("more")}
            </button>
          </div>
        )}
      </Card>
    </>
  );
}

interface TableProps {
  webhook_id: string;
  deliveries: Delivery[];
  again: () => void;
}

function Table({ webhook_id, deliveries, again }: TableProps) {
  const resend = async (delivery_id: number) => {
    const params = { webhook_id, delivery_id: String(delivery_id) };
    const path = at("/ocpp/webhooks/{webhook_id}/deliveries/{delivery_id}/resend/", params);
    const { last_error } = await call("POST", path);
    toast(last_error === null ? t("resent") : t("not_resent", { error: last_error }), {
      bad: last_error !== null,
    });
    again();
  };
  return (
    <DataTable
      rows={deliveries}
      keyOf={({ delivery_id }) => delivery_id}
      t={t}
      columns={{
        type: ({ type, message_id }) => (
          <>
            <b>{type}</b> <code class="small soft">{message_id}</code>
          </>
        ),
        at: ({ at }) => when(at),
        state: ({ state }) => <span class={`chip tone-${TONES[state]}`}>{t(`delivery_${state}`)}</span>,
        attempts: ({ attempts }) => attempts,
        answer: ({ last_status, last_error, last_attempt_at }) => (
          <>
            {[last_status, last_error].filter(Boolean).join(" · ") || "–"}{" "}
            {last_attempt_at && <span class="small soft">{when(last_attempt_at)}</span>}
          </>
        ),
        "": ({ delivery_id, type }) => (
          <ActionButton
            label={t("resend")}
            of={type}
            run={() => resend(delivery_id)}
          />
        ),
      }}
    />
  );
}
