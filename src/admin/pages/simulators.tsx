// Simulated chargers: the list, or one of them.
import { useRoute } from "preact-iso/router";
import { useState } from "preact/hooks";
import { at, call, getAll } from "../api.ts";
import { attempt } from "../components/inputs.tsx";
import { Card, Empty, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { SimBadge } from "../components/status.tsx";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { now } from "../live.ts";
import type { Simulator } from "../types.ts";
import { SIMULATORS } from "../../i18n/admin/simulators.ts";
import { AddDialog, RemoveButton } from "./simulators/dialogs.tsx";
import { OneSimulator } from "./simulators/one.tsx";
import { adminPathOf, StateChip } from "./simulators/state.tsx";

const t = messages(SIMULATORS);

const POLL_MS = 3000;

/** Shows the list, or the simulator in the address. */
export default function Simulators() {
  const { params } = useRoute();
  if (!params.name) return <All />;
  const name = decodeURIComponent(params.name);
  return <OneSimulator key={name} name={name} />;
}

function All() {
  const { value, error, again } = useLoad(() => getAll("/ocpp/simulators/"), [
    Math.floor(now.value / POLL_MS),
  ]);
  const [adding, setAdding] = useState(false);
  const close = () => {
    setAdding(false);
    again();
  };
  const act = (name: string, action: string) =>
    attempt(() => call("POST", at("/ocpp/simulators/{name}/action/", { name }), { action })).then(again);
  return (
    <>
      <PageHead title={t("title")} text={t("text")}>
        <button type="button" class="btn primary" onClick={() => setAdding(true)}>
          <Icon name="plus" size={18} /> {t("add")}
        </button>
      </PageHead>
      <LoadState loading={false} error={error} />
      {value?.length === 0 && (
        <Card>
          <Empty icon="simulators">{t("none")}</Empty>
        </Card>
      )}
      <div class="connectors">
        {value?.map((one) => (
          <Entry
            key={one.name}
            simulator={one}
            act={act}
            again={again}
          />
        ))}
      </div>
      {adding && <AddDialog number={(value?.length ?? 0) + 1} close={close} />}
    </>
  );
}

interface EntryProps {
  simulator: Simulator;
  act: (name: string, action: string) => Promise<void>;
  again: () => void;
}

function Entry({ simulator, act, again }: EntryProps) {
  const { name, host, ws_port, charger_id, running, error } = simulator;
  return (
    <section class={`card connector tone-${running ? "violet" : "grey"}`}>
      <div class="row between">
        <h2>
          <a class="name" href={adminPathOf(name)}>{name}</a> <SimBadge />
        </h2>
        <StateChip state={simulator.state} />
      </div>
      <p class="small soft">{t("here", { host, port: ws_port, id: charger_id })}</p>
      {error && <p class="answer tone-red">{error}</p>}
      <div class="row">
        <button type="button" class="btn small" onClick={() => void act(name, running ? "stop" : "start")}>
          <Icon name={running ? "stop" : "play"} size={16} /> {running ? t("stop") : t("start")}
        </button>
        <RemoveButton name={name} removed={again} />
      </div>
    </section>
  );
}
