// The tab with a charger's live state.
import { useState } from "preact/hooks";
import { at, can, get } from "../../api.ts";
import { type CommandName, COMMANDS, maySend } from "../../commands.ts";
import { LastDay } from "../../components/charger_history.tsx";
import { CommandDialog } from "../../components/command_dialog.tsx";
import { DataTable } from "../../components/data_table.tsx";
import { DiagnosisList } from "../../components/diagnosis.tsx";
import { Card, Empty } from "../../components/parts.tsx";
import { connectorName, lookOf, StatusChip } from "../../components/status.tsx";
import { wordOf } from "../../components/word.tsx";
import { useLive } from "../../components/use_live.ts";
import { ago, duration, kwh, number, shortTime, when } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import { now, sessions } from "../../live.ts";
import type { ChargerView, ConnectorView, LoadConnector } from "../../types.ts";
import { CHARGER } from "../../../i18n/admin/charger.ts";
import { OCPP_STATE } from "../../../i18n/admin/ocpp_state.ts";
import { SESSIONS } from "../../../i18n/admin/sessions.ts";
import { isOwnProfile } from "../../../site/smart_charging/own_profiles.ts";
import { limitText } from "../ocpp_state/lists.tsx";
import { ManagedLimit, useManaged } from "./managed_limit.tsx";

const t = messages(CHARGER);
const ocpp = messages(OCPP_STATE);
const session_text = messages(SESSIONS);

/** Shows the connectors as cards and the charger's properties. */
export function Live({ charger }: { charger: ChargerView }) {
  const plugs = charger.connectors.filter(({ connector_id }) => connector_id > 0);
  const whole = charger.connectors.find(({ connector_id, status }) =>
    connector_id === 0 && status !== "Available"
  );
  const managed = useManaged(charger.charger_id);
  return (
    <>
      <DiagnosisList charger={charger} />
      {plugs.length === 0 && (
        <Card>
          <Empty icon="plug">{t("no_connectors")}</Empty>
        </Card>
      )}
      <div class="connectors">
        {[...(whole ? [whole] : []), ...plugs].map((connector) => (
          <Connector
            key={connector.connector_id}
            connector={connector}
            charger={charger}
            managed={managed.find(({ connector_id }) => connector_id === connector.connector_id)}
          />
        ))}
      </div>
      <LastDay charger={charger} />
      <LastSessions charger_id={charger.charger_id} />
      <Facts charger={charger} />
    </>
  );
}

interface ConnectorProps {
  connector: ConnectorView;
  charger: ChargerView;
  /** Its part in load management; undefined: none. */
  managed: LoadConnector | undefined;
}

function Connector({ connector, charger, managed }: ConnectorProps) {
  const [command, setCommand] = useState<CommandName | null>(null);
  const opener = (name: CommandName, label: string) => (
    <button
      type="button"
      class="btn small"
      disabled={!charger.connected}
      onClick={() => setCommand(name)}
    >
      <Icon name={COMMANDS[name].icon} size={16} /> {label}
    </button>
  );
  const { connector_id, status, transaction_id, since } = connector;
  const session = transaction_id === null ? undefined : sessions.value.get(transaction_id);
  return (
    <section class={`card connector tone-${lookOf(charger.connected ? status : "offline").tone}`}>
      <div class="row between">
        <h2>{connectorName(connector_id)}</h2>
        <StatusChip status={charger.connected ? status : "offline"} />
      </div>
      {transaction_id !== null && (
        <>
          <span class="big" data-testid="power">
            {connector.power_w === null ? "–" : `${number(connector.power_w / 1000, 1)} kW`}
          </span>
          <dl class="trio">
            <div>
              <dt>{t("energy")}</dt>
              <dd>{kwh(connector.energy_wh)}</dd>
            </div>
            <div>
              <dt>{t("duration")}</dt>
              <dd>{session ? duration(now.value - Date.parse(session.start_received)) : "–"}</dd>
            </div>
            <div>
              <dt>{t("card")}</dt>
              <dd>{session?.id_tag || "–"}</dd>
            </div>
          </dl>
        </>
      )}
      {managed && <ManagedLimit managed={managed} />}
      {connector_id > 0 && (
        <LimitLines connector={connector} charger_id={charger.charger_id} managed={managed !== undefined} />
      )}
      <div class="row between">
        <span class="small soft">{t("since", { at: shortTime(since) })}</span>
        {connector_id > 0 && can("operator") && (
          <span class="row">
            {maySend("limit") && opener("limit", t("set_limit"))}
            {transaction_id === null ? opener("start", t("start")) : opener("stop", t("stop"))}
          </span>
        )}
      </div>
      {command && (
        <CommandDialog
          command={command}
          charger={charger}
          connector_id={connector_id}
          close={() => setCommand(null)}
        />
      )}
    </section>
  );
}

interface LimitLinesProps {
  connector: ConnectorView;
  charger_id: string;
  /** True: load management says what its limit is. */
  managed: boolean;
}

/** The limit in effect, and the profiles of operators that make limits here with their ends. */
function LimitLines({ connector, charger_id, managed }: LimitLinesProps) {
  const { connector_id } = connector;
  const current_limit_a = managed ? null : connector.current_limit_a;
  const { value } = useLive(
    () => get(at("/ocpp/chargers/{charger_id}/profiles/", { charger_id }, { limit: 20 })),
    { types: ["profiles"], charger_id },
    [charger_id],
  );
  const here = (value?.profiles ?? []).filter((one) =>
    (one.connector_id === 0 || one.connector_id === connector_id) &&
    !isOwnProfile(one.profile.chargingProfileId)
  );
  if (current_limit_a === null && here.length === 0) return null;
  return (
    <div class="small" data-testid="limits">
      {current_limit_a !== null && <b>{t("limit_now", { limit: `${number(current_limit_a, 1)} A` })}</b>}
      {here.map((one) => {
        const { chargingProfileId, chargingProfilePurpose: purpose, validTo } = one.profile;
        const what = ocpp(purpose, { id: one.transaction_id ?? "" });
        return (
          <div key={chargingProfileId} class="soft">
            {t("limit_for", { limit: limitText(one), what })},{" "}
            {validTo ? t("until", { at: when(validTo) }) : t("until_removed")}
          </div>
        );
      })}
    </div>
  );
}

const SHOWN = 5;

function LastSessions({ charger_id }: { charger_id: string }) {
  const { value } = useLive(
    () => get(at("/ocpp/transactions/", {}, { charger_id, limit: SHOWN })),
    { types: ["transaction"], charger_id },
    [charger_id],
  );
  const history = `/admin/chargers/${encodeURIComponent(charger_id)}/history`;
  return (
    <Card title={t("last_sessions")} side={<a class="btn small" href={history}>{t("all_sessions")}</a>} flush>
      {value?.transactions.length === 0 && <Empty icon="sessions">{t("no_sessions")}</Empty>}
      <DataTable
        rows={value?.transactions ?? []}
        keyOf={({ transaction_id }) =>
          transaction_id}
        t={session_text}
        columns={{
          id: ({ transaction_id: id }) => <a href={`/admin/sessions?id=${id}`}>{id}</a>,
          card: ({ id_tag }) =>
            id_tag || "–",
          start: ({ start_time }) =>
            when(start_time),
          duration: ({ start_time, stop_time }) =>
            duration((stop_time === null ? now.value : Date.parse(stop_time)) - Date.parse(start_time)),
          energy: ({ energy_wh }) => kwh(energy_wh),
        }}
      />
    </Card>
  );
}

function Facts({ charger }: { charger: ChargerView }) {
  const rows: [keyof typeof CHARGER, string | null][] = [
    ["vendor", charger.vendor],
    ["model", charger.model],
    ["serial", charger.serial_number],
    ["firmware", charger.firmware_version],
    ["address", charger.remote_address],
    ["path", charger.last_path],
    ["heartbeat", charger.last_heartbeat && `${ago(charger.last_heartbeat)}`],
    ["seen", charger.last_seen && when(charger.last_seen)],
    ["registration", wordOf("state", charger.registration)],
  ];
  return (
    <Card title={t("facts")}>
      <div class="stack">
        <dl class="facts">
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{t(name)}</dt>
              <dd>{value || "–"}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Card>
  );
}
