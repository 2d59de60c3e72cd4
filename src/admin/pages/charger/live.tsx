// The tab with a charger's live state.
import { useState } from "preact/hooks";
import { can } from "../../api.ts";
import { CommandDialog } from "../../components/command_dialog.tsx";
import { DiagnosisList } from "../../components/diagnosis.tsx";
import { Card, Empty } from "../../components/parts.tsx";
import { connectorName, lookOf, StatusChip } from "../../components/status.tsx";
import { ago, duration, kwh, number, shortTime, when } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import { now, sessions } from "../../live.ts";
import type { ChargerView, ConnectorView } from "../../types.ts";
import { CHARGER } from "../../../i18n/admin/charger.ts";

const t = messages(CHARGER);

/** Shows the connectors as cards and the charger's properties. */
export function Live({ charger }: { charger: ChargerView }) {
  const plugs = charger.connectors.filter(({ connector_id }) => connector_id > 0);
  const whole = charger.connectors.find(({ connector_id, status }) =>
    connector_id === 0 && status !== "Available"
  );
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
          <Connector key={connector.connector_id} connector={connector} charger={charger} />
        ))}
      </div>
      <Facts charger={charger} />
    </>
  );
}

function Connector({ connector, charger }: { connector: ConnectorView; charger: ChargerView }) {
  const [command, setCommand] = useState<"start" | "stop" | null>(null);
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
      <div class="row between">
        <span class="small soft">{t("since", { at: shortTime(since) })}</span>
        {connector_id > 0 && can("operator") && (transaction_id === null
          ? (
            <button
              type="button"
              class="btn small"
              disabled={!charger.connected}
              onClick={() => setCommand("start")}
            >
              <Icon name="play" size={16} /> {t("start")}
            </button>
          )
          : (
            <button
              type="button"
              class="btn small"
              disabled={!charger.connected}
              onClick={() => setCommand("stop")}
            >
              <Icon name="stop" size={16} /> {t("stop")}
            </button>
          ))}
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
    ["registration", charger.registration],
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
        <details>
          <summary class="soft">{t("raw")}</summary>
          <pre>{JSON.stringify(charger, null, 2)}</pre>
        </details>
      </div>
    </Card>
  );
}
