// A simulated charger: its state, its faults and its last messages.
import { useLocation } from "preact-iso/router";
import type { AnswerAt } from "../../../http/client_types.ts";
import { at, call, get } from "../../api.ts";
import { attempt } from "../../components/inputs.tsx";
import { Card, Empty, LoadState, PageHead, useLoad } from "../../components/parts.tsx";
import { connectorName, SimBadge, StatusChip } from "../../components/status.tsx";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import { now } from "../../live.ts";
import { pairMessages } from "../../message_pairs.ts";
import type { LogEntry, Simulator } from "../../types.ts";
import { SIMULATORS } from "../../../i18n/admin/simulators.ts";
import { Exchanges } from "../charger/messages.tsx";
import { RemoveButton } from "./dialogs.tsx";
import { OptionsCard } from "./options.tsx";
import { ScenarioField } from "./scenario_field.tsx";
import { pathOf, StateChip } from "./state.tsx";

const t = messages(SIMULATORS);

const POLL_MS = 3000;

/** A simulator with its newest messages and, for a clone, the recording of its original. */
type Detail = AnswerAt<"GET", "/ocpp/simulators/{name}/">;

/** Shows a simulator. */
export function OneSimulator({ name }: { name: string }) {
  const path = pathOf(name);
  const { value: one, error, again } = useLoad(() => get(path), [Math.floor(now.value / POLL_MS)]);
  if (!one) return <LoadState loading={!error} error={error} />;
  const play = (scenario: string | null) => void attempt(() => call("PATCH", path, { scenario })).then(again);
  return (
    <>
      <PageHead
        title={
          <>
            {name} <SimBadge />
          </>
        }
        text={t("here", { host: one.host, port: one.ws_port, id: one.charger_id })}
      >
        <StateChip state={one.state} />
      </PageHead>
      <LoadState loading={false} error={error} />
      <Actions one={one} again={again} />
      {one.error && <p class="answer tone-red" role="alert">{one.error}</p>}
      <Card>
        <div class="stack">
          {one.clone_of && (
            <p>
              {t("clone_of")}{" "}
              <a href={`/admin/chargers/${encodeURIComponent(one.clone_of)}`}>{one.clone_of}</a>
            </p>
          )}
          <ScenarioField
            key={one.scenario ?? ""}
            value={one.scenario}
            recorded={one.recorded.length > 0}
            choose={play}
          />
        </div>
      </Card>
      <Connectors connectors={one.connectors_now} />
      <Card title={t("messages")} flush>
        <Said log={one.log} />
      </Card>
      <OptionsCard one={one} />
    </>
  );
}

function Actions({ one: { name, charger_id, running }, again }: { one: Detail; again: () => void }) {
  const { route } = useLocation();
  const act = (action: string) =>
    attempt(() => call("POST", at("/ocpp/simulators/{name}/action/", { name }), { action })).then(again);
  return (
    <div class="row no-print">
      <a class="btn small" href="/admin/simulators">
        <Icon name="back" size={16} /> {t("back")}
      </a>
      <button type="button" class="btn small" onClick={() => void act(running ? "stop" : "start")}>
        <Icon name={running ? "stop" : "play"} size={16} /> {running ? t("stop") : t("start")}
      </button>
      <a class="btn small" href={`/admin/chargers/${encodeURIComponent(charger_id)}`}>{t("charger")}</a>
      <RemoveButton name={name} removed={() => route("/admin/simulators")} />
    </div>
  );
}

function Connectors({ connectors }: { connectors: Simulator["connectors_now"] }) {
  if (connectors.length === 0) return null;
  return (
    <div class="connectors">
      {connectors.map(({ connector_id, status, id_tag, transaction_id, soc }) => (
        <section key={connector_id} class="card connector">
          <div class="row between">
            <h2>{connectorName(connector_id)}</h2>
            <StatusChip status={status} />
          </div>
          <dl class="facts">
            <div>
              <dt>{t("session")}</dt>
              <dd>{transaction_id ?? "–"}</dd>
            </div>
            <div>
              <dt>{t("rfid")}</dt>
              <dd>{id_tag ?? "–"}</dd>
            </div>
            <div>
              <dt>{t("soc")}</dt>
              <dd>{soc ?? "–"}</dd>
            </div>
          </dl>
        </section>
      ))}
    </div>
  );
}

/** Shows the log with directions as the gateway sees them: a simulator receives what the gateway sends. */
function Said({ log }: { log: LogEntry[] }) {
  if (log.length === 0) return <Empty icon="log">{t("silent")}</Empty>;
  const turned = log.map((entry): LogEntry => ({
    ...entry,
    direction: entry.direction === "in" ? "out" : "in",
  }));
  return <Exchanges exchanges={pairMessages(turned)} />;
}
