// The reasons why a charger does not charge, in words, with the buttons that may help.
import { useState } from "preact/hooks";
import { ADVICE, DIAGNOSIS, REASONS } from "../../i18n/admin/diagnosis.ts";
import type { Diagnosis } from "../../site/diagnosis/diagnosis.ts";
import { CALM } from "../../site/diagnosis/remedies.ts";
import { at, can, get } from "../api.ts";
import { type CommandName, maySend } from "../commands.ts";
import { shortTime } from "../format.ts";
import { messages } from "../i18n.ts";
import type { ChargerView } from "../types.ts";
import { AdoptButton } from "./adopt_dialog.tsx";
import { CommandDialog } from "./command_dialog.tsx";
import { useLoad } from "./parts.tsx";
import { connectorName } from "./status.tsx";
import { wordOf } from "./word.tsx";

const reason = messages(REASONS);
const advice = messages(ADVICE);
const t = messages(DIAGNOSIS);

type Remedy = Diagnosis["remedies"][number];

/** The remedies that are everyday commands. */
const COMMANDS: Partial<Record<Remedy, CommandName>> = {
  change_availability: "availability",
  get_diagnostics: "diagnostics",
  remote_start: "start",
  remote_stop: "stop",
  reset: "reset",
  trigger_message: "trigger",
  unlock_connector: "unlock",
};

/** The pages of other remedies; of the charger's own page only the tab is named. */
const PAGES: Partial<Record<Remedy, string>> = {
  allow_card: "/admin/rfids",
  approve_certificate: "ocpp",
  cancel_reservation: "ocpp",
  change_configuration: "configuration",
  clear_charging_profile: "ocpp",
  close_session: "sessions",
  set_key: "settings",
};

/** Shows a charger's diagnosis; nothing where there is none. It is loaded anew when the charger changes. */
export function DiagnosisList({ charger }: { charger: ChargerView }) {
  const { charger_id, connected, registration, connectors } = charger;
  const states = connectors.map((
    { status, error_code, transaction_id },
  ) => [status, error_code, transaction_id]);
  const { value } = useLoad(() => load(charger_id), [
    JSON.stringify([charger_id, connected, registration, states]),
  ]);
  if (!value?.length) return null;
  return (
    <div class="stack" role="list" data-testid="diagnosis">
      {value.map((one) => (
        <Reason
          key={`${one.connector_id} ${one.code}`}
          diagnosis={one}
          charger={charger}
        />
      ))}
    </div>
  );
}

async function load(charger_id: string): Promise<Diagnosis[]> {
  const { chargers } = await get(at("/ocpp/diagnosis/", {}, { charger_id }));
  return chargers[0]?.diagnosis ?? [];
}

interface ReasonProps {
  diagnosis: Diagnosis;
  charger: ChargerView;
  /** Names the charger, with a link to its page. */
  named?: boolean;
}

/** A reason with what to do and the buttons that may help. */
export function Reason({ diagnosis, charger, named }: ReasonProps) {
  const { connector_id, code, since, values, remedies } = diagnosis;
  const [command, setCommand] = useState<CommandName | null>(null);
  const { error_code, vendor_error_code, info } = values;
  const fault = error_code && error_code !== "NoError" ? wordOf("fault", error_code) : "";
  const said = [fault, vendor_error_code, info].filter(Boolean).join(" · ");
  const where = connector_id > 0 ? `${connectorName(connector_id)}: ` : "";
  return (
    <div role="listitem" class={`answer tone-${CALM.has(code) ? "blue" : "red"}`}>
      <div class="row between">
        <span>
          {named && (
            <a class="name" href={chargerPage(charger.charger_id)}>{charger.name || charger.charger_id}</a>
          )} <b>{where}{reason(code, values)}</b>
        </span>
        {since && <span class="small soft">{t("since", { at: shortTime(since) })}</span>}
      </div>
      <p>{advice(code, values)}</p>
      {said && <p class="small soft">{t("said", { words: said })}</p>}
      <div class="row">
        {remedies.map((remedy) => (
          <RemedyButton key={remedy} remedy={remedy} charger={charger} open={setCommand} />
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
    </div>
  );
}

interface RemedyButtonProps {
  remedy: Remedy;
  charger: ChargerView;
  open: (command: CommandName) => void;
}

function RemedyButton({ remedy, charger: { charger_id }, open }: RemedyButtonProps) {
  const command = COMMANDS[remedy];
  if (command) {
    return maySend(command)
      ? <button type="button" class="btn small" onClick={() => open(command)}>{t(remedy)}</button>
      : null;
  }
  if (!can("admin")) return null;
  const page = PAGES[remedy];
  if (page) return <a class="btn small" href={hrefOf(page, charger_id)}>{t(remedy)}</a>;
  return <AdoptButton charger_id={charger_id} label={t(remedy)} />;
}

function hrefOf(page: string, charger_id: string): string {
  return page.startsWith("/") ? page : `${chargerPage(charger_id)}/${page}`;
}

function chargerPage(charger_id: string): string {
  return `/admin/chargers/${encodeURIComponent(charger_id)}`;
}
