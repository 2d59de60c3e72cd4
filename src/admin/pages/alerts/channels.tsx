// The channels of alerts: their state, a test of each, and the dialog to change them.
import { useState } from "preact/hooks";
import { at, call, getAll } from "../../api.ts";
import { ActionButton } from "../../components/action_button.tsx";
import { DataTable } from "../../components/data_table.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Card, Empty, LoadState, useLoad } from "../../components/parts.tsx";
import { shortTime } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import type { Channel, TestOutcome } from "../../types.ts";
import { ALERTS_PAGE, CHANNELS_PAGE } from "../../../i18n/admin/outputs.ts";
import { ChannelDialog } from "./channel_dialog.tsx";
import { Outcome } from "../../components/outcome.tsx";

const t = messages(CHANNELS_PAGE);
const severities = messages(ALERTS_PAGE);

/** Shows the channels. */
export function Channels() {
  const { value, loading, error, again } = useLoad(() => getAll("/ocpp/channels/"), []);
  const [open, setOpen] = useState<{ channel?: Channel } | null>(null);
  const [outcome, setOutcome] = useState<{ name: string; outcome: TestOutcome } | null>(null);
  const test = ({ channel_id, name }: Channel) =>
    attempt(async () => {
      setOutcome(null);
      const path = at("/ocpp/channels/{channel_id}/test/", { channel_id });
      setOutcome({ name, outcome: await call("POST", path) });
    });
  return (
    <>
      <div class="row between">
        <p class="hint grow">{t("text")}</p>
        <button type="button" class="btn primary" onClick={() => setOpen({})}>
          <Icon name="plus" size={18} /> {t("add")}
        </button>
      </div>
      <LoadState loading={loading} error={error} />
      {outcome && <Outcome {...outcome} />}
      {value && (
        <Card flush>
          {value.length === 0 ? <Empty icon="waiting">{t("none")}</Empty> : (
            <Table
              channels={value}
              edit={(channel) => setOpen({ channel })}
              test={test}
              again={again}
            />
          )}
        </Card>
      )}
      {open && (
        <ChannelDialog
          channel={open.channel}
          close={() => setOpen(null)}
          saved={() => {
            setOpen(null);
            again();
          }}
        />
      )}
    </>
  );
}

interface TableProps {
  channels: Channel[];
  edit: (channel: Channel) => void;
  test: (channel: Channel) => Promise<unknown>;
  again: () => void;
}

function Table({ channels, edit, test, again }: TableProps) {
  return (
    <DataTable
      rows={channels}
      keyOf={({ channel_id }) => channel_id}
      t={t}
      columns={{
        name: ({ name, enabled }) => (
          <>
            <b>{name}</b> {!enabled && <span class="soft">({t("off")})</span>}
          </>
        ),
        kind: ({ target }) => (
          <>
            {t(target.kind)} <span class="soft small">{placeOf(target)}</span>
          </>
        ),
        min_severity: ({ min_severity }) => severities(min_severity),
        quiet: ({ quiet_from, quiet_to }) => quiet_from === null ? "–" : `${quiet_from} – ${quiet_to}`,
        state: (channel) => <State channel={channel} />,
        "": (channel) => (
          <div class="row">
            <ActionButton label={t("test")} of={channel.name} run={() => test(channel)} />
            <ActionButton label={t("edit")} of={channel.name} run={() => edit(channel)} />
            <ActionButton
              look="quiet icon-only"
              icon="trash"
              label={t("remove")}
              of={channel.name}
              ask={t("remove_text", { name: channel.name })}
              run={() =>
                call("DELETE", at("/ocpp/channels/{channel_id}/", { channel_id: channel.channel_id }))
                  .then(again)}
            />
          </div>
        ),
      }}
    />
  );
}

function State({ channel: { waiting, oldest_waiting, last_error } }: { channel: Channel }) {
  if (waiting === 0) return <span class="chip tone-green">{t("good")}</span>;
  return (
    <>
      <span class="chip tone-amber">{t("waiting", { n: waiting, at: shortTime(oldest_waiting) })}</span>
      {last_error && <p class="soft small">{last_error}</p>}
    </>
  );
}

/** Returns the place that a channel leads to, in short. */
function placeOf(target: Channel["target"]): string {
  switch (target.kind) {
    case "email":
      return target.to.join(", ");
    case "telegram":
      return target.chat_id;
    default:
      return target.url;
  }
}
