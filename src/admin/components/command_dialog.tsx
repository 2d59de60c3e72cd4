// A command's dialog: an explanation, the form, and the charger's answer.
import { useState } from "preact/hooks";
import { get } from "../api.ts";
import {
  type Asked,
  type CommandName,
  COMMANDS,
  limitBefore,
  sendCommand,
  type TimedAnswer,
  TIMES,
  TRIGGERS,
} from "../commands.ts";
import { messages } from "../i18n.ts";
import { sessions } from "../live.ts";
import { siteZone, wallAt } from "../zone.ts";
import { remember } from "../i18n.ts";
import type { ChargerView } from "../types.ts";
import { COMMANDS as MESSAGES } from "../../i18n/admin/commands.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { Answer, isGood, sendAccepted } from "./answer.tsx";
import { CardField } from "./card_field.tsx";
import { Dialog } from "./dialog.tsx";
import { Field, useLoad } from "./parts.tsx";
import { connectorName } from "./status.tsx";
import { toast } from "./toast.tsx";

const t = messages(MESSAGES);
const shell = messages(SHELL);

interface CommandDialogProps {
  command: CommandName;
  charger: ChargerView;
  connector_id?: number;
  close: () => void;
}

/** Shows the dialog of a command. */
export function CommandDialog({ command, charger, connector_id, close }: CommandDialogProps) {
  const [answer, setAnswer] = useState<TimedAnswer | Error | null>(null);
  const [busy, setBusy] = useState(false);
  const { charger_id } = charger;
  const { danger, asks, action: own_action, send } = COMMANDS[command];
  const run = async (fields: Record<string, string>) => {
    setBusy(true);
    setAnswer(null);
    if (fields.card) remember("card", fields.card);
    const { action = own_action, payload } = send(fields);
    const back = command === "limit"
      ? await limitBefore(charger_id, Number(fields.connector)).catch(() => null)
      : null;
    const said = await sendCommand(charger_id, action, payload).catch((error) => error as Error);
    setBusy(false);
    if (!back || !isGood(said)) return setAnswer(said);
    close();
    toast(t(action === own_action ? "limit_set" : "limit_removed"), {
      undo: () => sendAccepted(charger_id, back.action, back.payload),
    });
  };
  return (
    <Dialog
      title={`${t(command)} · ${charger.name || charger.charger_id}`}
      close={close}
      submit={{ label: t(command), run: (fields) => void run(fields), danger, busy }}
    >
      <p class="soft">{t(`${command}_text`)}</p>
      {asks.length > 0 && (
        <div class="form">
          {asks.map((asked) => (
            <Question key={asked} asked={asked} charger={charger} connector_id={connector_id} />
          ))}
        </div>
      )}
      {busy && <div class="busy" role="progressbar"></div>}
      {answer && <Answer answer={answer} />}
    </Dialog>
  );
}

interface QuestionProps {
  asked: Asked;
  charger: ChargerView;
  connector_id?: number | undefined;
}

/** The field of a question. */
export function Question({ asked, charger, connector_id }: QuestionProps) {
  switch (asked) {
    case "card":
      return <CardField />;
    case "connector":
    case "any_connector":
      return <ConnectorField any={asked === "any_connector"} charger={charger} connector_id={connector_id} />;
    case "session":
      return <SessionField charger={charger} connector_id={connector_id} />;
    case "kind":
      return <Choice name="kind" label={t("kind")} options={[["Soft", t("soft")], ["Hard", t("hard")]]} />;
    case "state":
      return (
        <Choice
          name="state"
          label={t("state")}
          options={[["Inoperative", t("inoperative")], ["Operative", t("operative")]]}
        />
      );
    case "limit":
      return (
        <Field label={t("most")}>
          <input name="limit" type="number" min={0} max={1e6} step={0.1} defaultValue={16} required />
        </Field>
      );
    case "unit":
      return <Choice name="unit" label={t("unit")} options={[["A", t("amperes")], ["W", t("watts")]]} />;
    case "file":
      return <FileField />;
    case "message":
      return <Choice name="message" label={t("message")} options={TRIGGERS.map((name) => [name, t(name)])} />;
    default:
      return <TimeField name={asked} />;
  }
}

/** A field for a time in the site's zone; a required one starts with an hour from now. */
function TimeField({ name }: { name: keyof typeof TIMES }) {
  const needed = TIMES[name];
  const zone = shell("times_in", { zone: siteZone() });
  return (
    <Field label={t(name)} hint={needed ? zone : `${t(`${name}_hint` as "ends_hint")} · ${zone}`}>
      <input
        name={name}
        type="datetime-local"
        required={needed}
        defaultValue={needed ? wallAt(Date.now() + 3_600_000) : ""}
      />
    </Field>
  );
}

/** A choice of the uploaded firmware files. */
export function FileField() {
  const { value } = useLoad(() => get("/ocpp/firmware/"), []);
  if (value?.firmware.length === 0) return <a class="wide" href="/admin/jobs">{t("no_file")}</a>;
  const options = value?.firmware.map(({ name }): [string, string] => [name, name]) ?? [];
  return <Choice name="file" label={t("file")} options={options} />;
}

function ConnectorField(
  { any, charger, connector_id }: { any: boolean; charger: ChargerView; connector_id: number | undefined },
) {
  const plugs = charger.connectors.map((connector) => connector.connector_id).filter((id) => id > 0);
  const options: [string, string][] = (plugs.length ? plugs : [1]).map((
    id,
  ) => [String(id), connectorName(id)]);
  if (any) options.unshift(["0", `${connectorName(0)} (0)`]);
  return <Choice name="connector" label={t("connector")} options={options} value={connector_id} />;
}

function SessionField({ charger, connector_id }: { charger: ChargerView; connector_id: number | undefined }) {
  const running = [...sessions.value.values()].filter(({ charger_id }) => charger_id === charger.charger_id);
  const here = running.find((session) => session.connector_id === connector_id);
  const options = running.map((one): [string, string] => [
    String(one.transaction_id),
    `${one.transaction_id} · ${connectorName(one.connector_id)} · ${one.id_tag}`,
  ]);
  return <Choice name="session" label={t("session")} options={options} value={here?.transaction_id} />;
}

interface ChoiceProps {
  name: string;
  label: string;
  options: [string, string][];
  value?: string | number | undefined;
}

function Choice({ name, label, options, value }: ChoiceProps) {
  return (
    <Field label={label}>
      <select name={name} required>
        {options.map(([option, text]) => (
          <option key={option} value={option} selected={String(value ?? "") === option}>{text}</option>
        ))}
      </select>
    </Field>
  );
}
