// Webhooks: the programs that are sent the site's events, or the deliveries to one of them.
import { useRoute } from "preact-iso/router";
import { useState } from "preact/hooks";
import { at, call, getAll } from "../api.ts";
import { ActionButton } from "../components/action_button.tsx";
import { DataTable } from "../components/data_table.tsx";
import { attempt } from "../components/inputs.tsx";
import { Outcome } from "../components/outcome.tsx";
import { Card, Empty, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { shortTime } from "../format.ts";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import type { TestOutcome, Webhook } from "../types.ts";
import { WEBHOOKS } from "../../i18n/admin/outputs.ts";
import { Deliveries } from "./webhooks/deliveries.tsx";
import { SecretDialog, WebhookDialog } from "./webhooks/dialogs.tsx";

const t = messages(WEBHOOKS);

/** Shows the list, or the webhook of the path. */
export default function Webhooks() {
  const { params } = useRoute();
  return params.id ? <Deliveries webhook_id={params.id} /> : <List />;
}

function List() {
  const { value, loading, error, again } = useLoad(() => getAll("/ocpp/webhooks/"), []);
  const [open, setOpen] = useState<{ webhook?: Webhook } | null>(null);
  const [secret, setSecret] = useState("");
  const [outcome, setOutcome] = useState<{ name: string; outcome: TestOutcome } | null>(null);
  const test = ({ webhook_id, url }: Webhook) =>
    attempt(async () => {
      setOutcome(null);
      const path = at("/ocpp/webhooks/{webhook_id}/test/", { webhook_id });
      setOutcome({ name: url, outcome: await call("POST", path) });
    });
  const saved = (created_secret?: string) => {
    setOpen(null);
    setSecret(created_secret ?? "");
    again();
  };
  return (
    <>
      <PageHead title={t("title")} text={t("text")}>
        <button type="button" class="btn primary" onClick={() => setOpen({})}>
          <Icon name="plus" size={18} /> {t("add")}
        </button>
      </PageHead>
      <LoadState loading={loading} error={error} />
      {outcome && <Outcome {...outcome} />}
      {value && (
        <Card flush>
          {value.length === 0 ? <Empty icon="api">{t("none")}</Empty> : (
            <Table
              webhooks={value}
              edit={(webhook) => setOpen({ webhook })}
              test={test}
              again={again}
            />
          )}
        </Card>
      )}
      {open && <WebhookDialog webhook={open.webhook} close={() => setOpen(null)} saved={saved} />}
      {secret && <SecretDialog secret={secret} close={() => setSecret("")} />}
    </>
  );
}

interface TableProps {
  webhooks: Webhook[];
  edit: (webhook: Webhook) => void;
  test: (webhook: Webhook) => Promise<unknown>;
  again: () => void;
}

function Table({ webhooks, edit, test, again }: TableProps) {
  return (
    <DataTable
      rows={webhooks}
      keyOf={({ webhook_id }) => webhook_id}
      t={t}
      columns={{
        url: ({ url, description }) => (
          <>
            <b>{url}</b> {description && <span class="soft small">{description}</span>}
          </>
        ),
        events: ({ events }) => events.includes("*") ? t("all_events") : events.join(", "),
        state: (webhook) => <WebhookState webhook={webhook} />,
        "": (webhook) => <Buttons webhook={webhook} edit={edit} test={test} again={again} />,
      }}
    />
  );
}

interface ButtonsProps extends Omit<TableProps, "webhooks"> {
  webhook: Webhook;
}

function Buttons({ webhook, edit, test, again }: ButtonsProps) {
  const { webhook_id, url, disabled_reason } = webhook;
  const path = at("/ocpp/webhooks/{webhook_id}/", { webhook_id });
  return (
    <div class="row">
      {disabled_reason && (
        <ActionButton
          label={t("enable")}
          of={url}
          look="primary"
          run={() => call("PATCH", path, { enabled: true }).then(again)}
        />
      )}
      <ActionButton label={t("test")} of={url} run={() => test(webhook)} />
      <a class="btn small" href={`/admin/webhooks/${webhook_id}`} aria-label={t("deliveries_of", { url })}>
        {t("deliveries")}
      </a>
      <ActionButton label={t("edit")} of={url} run={() => edit(webhook)} />
      <ActionButton
        look="quiet icon-only"
        icon="trash"
        label={t("remove")}
        of={url}
        ask={t("remove_text", { url })}
        run={() => call("DELETE", path).then(again)}
      />
    </div>
  );
}

function WebhookState({ webhook }: { webhook: Webhook }) {
  const { enabled, disabled_reason, failing_since, waiting, oldest_waiting, dropped } = webhook;
  const tone = disabled_reason ? "red" : failing_since ? "amber" : enabled ? "green" : "grey";
  const text = disabled_reason
    ? t(`disabled_${disabled_reason}`)
    : !enabled
    ? t("off")
    : failing_since
    ? t("failing", { at: shortTime(failing_since) })
    : t("good");
  return (
    <>
      <span class={`chip tone-${tone}`}>{text}</span>
      {waiting > 0 && <p class="soft small">{t("waiting", { n: waiting, at: shortTime(oldest_waiting) })}</p>}
      {dropped > 0 && <p class="soft small">{t("dropped", { n: dropped })}</p>}
    </>
  );
}
