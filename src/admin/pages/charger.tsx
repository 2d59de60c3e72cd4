// A charger's page: its live state and tabs for everything else.
import { useLocation, useRoute } from "preact-iso/router";
import type { Role } from "../../store/store.ts";
import { at, call, can, chargerPath } from "../api.ts";
import { ChargerHistory, useChartRange } from "../components/charger_history.tsx";
import { attempt, Segmented, Tabs } from "../components/inputs.tsx";
import { Forbidden } from "../components/forbidden.tsx";
import { Card, PageHead } from "../components/parts.tsx";
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
import { Timeline } from "./charger/timeline.tsx";

const t = messages(CHARGER);

/** The views of the tab Expert and the role that each needs. */
const EXPERT = {
  messages: "viewer",
  configuration: "operator",
  ocpp: "viewer",
  commands: "operator",
  raw: "viewer",
} as const satisfies Record<string, Role>;

type Part = keyof typeof EXPERT;
const PARTS = Object.keys(EXPERT) as Part[];

const TABS = ["now", "history", "settings", "expert"] as const;
type Tab = typeof TABS[number];

/** The tabs of addresses from before there were four. */
const MOVED: Record<string, Tab> = { live: "now", charts: "history", sessions: "history", label: "settings" };

/** Returns the tab of an address and, of Expert, the view. */
function viewOf(name = ""): { tab: Tab; part: Part } {
  const part = PARTS.find((one) => one === name);
  const tab = part ? "expert" : TABS.find((one) => one === name) ?? MOVED[name] ?? "now";
  return { tab, part: part ?? "messages" };
}

/** Shows a charger. */
export default function Charger() {
  const { params } = useRoute();
  const id = decodeURIComponent(params.id ?? "");
  void ids.value; // redraws when a charger is added or removed
  const charger = chargers.get(id)?.value;
  const { route } = useLocation();
  const { tab, part } = viewOf(params.tab);
  const choose = (name: Tab | Part) => route(`/admin/chargers/${encodeURIComponent(id)}/${name}`, true);
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
      <Tabs value={tab} set={choose} options={TABS.map((name) => [name, t(name)])} />
      <div class="stack" role="tabpanel" key={`${id} ${tab} ${part}`}>
        {tab === "now" && <Live charger={charger} />}
        {tab === "history" && <History charger={charger} />}
        {tab === "settings" && <Own charger={charger} />}
        {tab === "expert" && (
          <>
            <div>
              <Segmented
                value={part}
                set={choose}
                options={PARTS.filter((name) => can(EXPERT[name])).map((name) => [name, t(name)])}
              />
            </div>
            {can(EXPERT[part]) ? expertOf(part, charger) : <Forbidden />}
          </>
        )}
      </div>
    </>
  );
}

/** The chart, and below it the sessions and events of the same time. */
function History({ charger }: { charger: ChargerView }) {
  return (
    <>
      <ChargerHistory charger={charger} />
      <Timeline charger_id={charger.charger_id} range={useChartRange()} />
    </>
  );
}

/** The gateway's own settings of the charger, its label and address. */
function Own({ charger }: { charger: ChargerView }) {
  return (
    <>
      {can("admin") && <ChargerSettings charger_id={charger.charger_id} />}
      <LabelTab charger={charger} />
    </>
  );
}

function expertOf(part: Part, charger: ChargerView) {
  switch (part) {
    case "messages":
      return <Messages charger_id={charger.charger_id} />;
    case "configuration":
      return <Configuration charger={charger} />;
    case "ocpp":
      return <OcppTab charger={charger} />;
    case "commands":
      return <Commands charger={charger} />;
    case "raw":
      return (
        <Card title={t("raw_title")}>
          <pre>{JSON.stringify(charger, null, 2)}</pre>
        </Card>
      );
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
