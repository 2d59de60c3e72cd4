// A charger's page: its live state and tabs for everything else.
import { useLocation, useRoute } from "preact-iso/router";
import type { Role } from "../../store/store.ts";
import { at, call, can, chargerPath } from "../api.ts";
import { ChargerHistory } from "../components/charger_history.tsx";
import { attempt, Tabs } from "../components/inputs.tsx";
import { Forbidden } from "../components/forbidden.tsx";
import { PageHead } from "../components/parts.tsx";
import { overallState, SimBadge, StatusChip } from "../components/status.tsx";
import { toast } from "../components/toast.tsx";
import { ago } from "../format.ts";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { chargers, generation, ids, putCharger } from "../live.ts";
import type { ChargerView } from "../types.ts";
import { CHARGER } from "../../i18n/admin/charger.ts";

import { Commands } from "./charger/commands.tsx";
import { Configuration } from "./charger/configuration.tsx";
import { LabelTab } from "./charger/label_tab.tsx";
import { Live } from "./charger/live.tsx";
import { Messages } from "./charger/messages.tsx";
import { OcppTab } from "./charger/ocpp_tab.tsx";
import { ChargerSettings } from "./charger/settings_tab.tsx";
import { SessionTable } from "./sessions/table.tsx";

const t = messages(CHARGER);

/** The tabs and the role that each needs. */
const TABS = {
  live: "viewer",
  commands: "operator",
  charts: "viewer",
  sessions: "viewer",
  messages: "viewer",
  configuration: "operator",
  ocpp: "viewer",
  settings: "admin",
  label: "viewer",
} as const satisfies Record<string, Role>;

type Tab = keyof typeof TABS;
const NAMES = Object.keys(TABS) as Tab[];

/** Shows a charger. */
export default function Charger() {
  const { params } = useRoute();
  const id = decodeURIComponent(params.id ?? "");
  void ids.value; // redraws when a charger is added or removed
  const charger = chargers.get(id)?.value;
  const { route } = useLocation();
  const tab: Tab = NAMES.find((name) => name === params.tab) ?? "live";
  const choose = (name: Tab) => route(`/admin/chargers/${encodeURIComponent(id)}/${name}`, true);
  if (!charger) return generation.value > 0 ? <h1>{t("gone", { id })}</h1> : null;
  return (
    <>
      <PageHead
        title={<>{charger.name || id} {charger.simulated && <SimBadge />}</>}
        text={<Connection charger={charger} />}
      >
        {can("admin") && (
          <a class="btn small no-print" href={`/admin/commissioning?charger=${encodeURIComponent(id)}`}>
            {t("commission")}
          </a>
        )}
        {can("admin") && !charger.simulated && <CloneButton charger_id={id} />}
        <StatusChip status={overallState(charger)} />
      </PageHead>
      {charger.registration === "Pending" && <Admission charger={charger} />}
      <Tabs
        value={tab}
        set={choose}
        options={NAMES.filter((name) => can(TABS[name])).map((name) => [name, t(name)])}
      />
      <div class="stack" role="tabpanel" key={`${id} ${tab}`}>
        {can(TABS[tab]) ? bodyOf(tab, charger) : <Forbidden />}
      </div>
    </>
  );
}

function bodyOf(tab: Tab, charger: ChargerView) {
  const { charger_id } = charger;
  switch (tab) {
    case "live":
      return <Live charger={charger} />;
    case "commands":
      return <Commands charger={charger} />;
    case "charts":
      return <ChargerHistory charger={charger} />;
    case "sessions":
      return <SessionTable query={{ charger_id }} />;
    case "messages":
      return <Messages charger_id={charger_id} />;
    case "configuration":
      return <Configuration charger={charger} />;
    case "ocpp":
      return <OcppTab charger={charger} />;
    case "settings":
      return <ChargerSettings charger_id={charger_id} />;
    case "label":
      return <LabelTab charger={charger} />;
  }
}

function Connection({ charger }: { charger: ChargerView }) {
  const { charger_id, name, connected, connected_since, last_seen } = charger;
  const text = connected
    ? t("connected_since", { ago: ago(connected_since) })
    : last_seen
    ? t("not_connected", { ago: ago(last_seen) })
    : t("never");
  return <>{name ? `${charger_id} · ` : ""}{text}</>;
}

/** A button that makes a simulator with this charger's properties and opens it. */
function CloneButton({ charger_id }: { charger_id: string }) {
  const { route } = useLocation();
  const clone = async () => {
    const { name } = await call("POST", at("/ocpp/chargers/{charger_id}/clone/", { charger_id }), {});
    toast(t("cloned", { name }));
    route(`/admin/simulators/${encodeURIComponent(name)}`);
  };
  return (
    <button type="button" class="btn small" onClick={() => void attempt(clone)}>
      <Icon name="copy" size={16} /> {t("clone")}
    </button>
  );
}

function Admission({ charger: { charger_id } }: { charger: ChargerView }) {
  const decide = (registration: string) =>
    attempt(async () => putCharger(await call("PATCH", chargerPath(charger_id), { registration })));
  return (
    <div class="answer tone-violet row between">
      <span>{t("pending")}</span>
      {can("admin") && (
        <span class="row">
          <button type="button" class="btn" onClick={() => void decide("Rejected")}>{t("reject")}</button>
          <button type="button" class="btn primary" onClick={() => void decide("Accepted")}>
            {t("accept")}
          </button>
        </span>
      )}
    </div>
  );
}
