// The reasons why a charger does not charge, in words, with the buttons that may help.
import { useState } from "preact/hooks";
import { ADVICE, DIAGNOSIS, REASONS } from "../../i18n/admin/diagnosis.ts";
import type { Diagnosis } from "../../site/diagnosis/diagnosis.ts";
import type { DiagnosisCode } from "../../site/diagnosis/remedies.ts";
import { at, call, can, chargerPath, get } from "../api.ts";
import { type CommandName, maySend } from "../commands.ts";
import { shortTime } from "../format.ts";
import { messages } from "../i18n.ts";
import { putCharger } from "../live.ts";
import type { ChargerView } from "../types.ts";
import { CommandDialog } from "./command_dialog.tsx";
import { attempt } from "./inputs.tsx";
import { useLoad } from "./parts.tsx";
import { connectorName } from "./status.tsx";

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

/** Errors that a person is shown in red; the rest is how chargers are used. */
const CALM: ReadonlySet<DiagnosisCode> = new Set<DiagnosisCode>([
  "waiting_for_card",
  "waiting_for_car",
  "waiting_for_start",
  "reserved",
  "paused_by_car",
  "unplug",
]);

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

function Reason({ diagnosis, charger }: { diagnosis: Diagnosis; charger: ChargerView }) {
  const { connector_id, code, since, values, remedies } = diagnosis;
  const [command, setCommand] = useState<CommandName | null>(null);
  const said = [values.error_code, values.vendor_error_code, values.info].filter((word) =>
    word && word !== "NoError"
  ).join(" · ");
  const where = connector_id > 0 ? `${connectorName(connector_id)}: ` : "";
  return (
    <div role="listitem" class={`answer tone-${CALM.has(code) ? "blue" : "red"}`}>
      <div class="row between">
        <b>{where}{reason(code, values)}</b>
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
  const accept = () =>
    attempt(async () =>
      putCharger(await call("PATCH", chargerPath(charger_id), { registration: "Accepted" }))
    );
  return <button type="button" class="btn small" onClick={() => void accept()}>{t(remedy)}</button>;
}

function hrefOf(page: string, charger_id: string): string {
  return page.startsWith("/") ? page : `/admin/chargers/${encodeURIComponent(charger_id)}/${page}`;
}
