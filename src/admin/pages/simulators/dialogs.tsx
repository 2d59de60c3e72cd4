// The dialogs that make and delete simulated chargers.
import { useState } from "preact/hooks";
import { at, call } from "../../api.ts";
import { ActionButton } from "../../components/action_button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { attempt, Check } from "../../components/inputs.tsx";
import { Field } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import { SIMULATORS } from "../../../i18n/admin/simulators.ts";
import { OptionFields, type Options } from "./options.tsx";
import { ScenarioField } from "./scenario_field.tsx";
import { pathOf } from "./state.tsx";

const t = messages(SIMULATORS);

const NUMBERS = [
  ["connectors", 1],
  ["duration", 600],
  ["kwh_min", 10],
  ["kwh_max", 30],
  ["interval", 5],
] as const;
const ASKED = ["rfid", "repeat", ...NUMBERS.map(([key]) => key)];

/** Shows the dialog that makes a simulator and starts it. */
export function AddDialog({ number, close }: { number: number; close: () => void }) {
  const [repeat, setRepeat] = useState(true);
  const [options, setOptions] = useState<Options>({});
  const run = async ({ name = "", charger_id = "", rfid, scenario, ...fields }: Record<string, string>) => {
    const numbers = Object.fromEntries(NUMBERS.map(([key]) => [key, Number(fields[key])]));
    const host = location.hostname.replace(/^\[|\]$/g, "");
    const ws_port = Number(location.port) || (location.protocol === "https:" ? 443 : 80);
    const tls = location.protocol === "https:" ? { tls: true, tls_insecure: true } : {};
    const body = {
      name,
      cp_path: encodeURIComponent(charger_id),
      rfid,
      repeat,
      ...(scenario ? { scenario } : {}),
      host,
      ws_port,
      ...tls,
      ...numbers,
      ...options,
    };
    const made = await attempt(async () => {
      await call("POST", "/ocpp/simulators/", body);
      await call("POST", at("/ocpp/simulators/{name}/action/", { name }), { action: "start" });
    });
    if (made) close();
  };
  return (
    <Dialog
      title={t("add")}
      close={close}
      submit={{ label: t("start"), run: (fields) => void run(fields) }}
    >
      <div class="form">
        <Field label={t("name")}>
          <input name="name" required maxlength={64} defaultValue={t("new_name", { n: number })} autofocus />
        </Field>
        <Field label={t("charger_id")}>
          <input name="charger_id" required maxlength={64} defaultValue={`SIM-${number}`} />
        </Field>
        <Field label={t("rfid")}>
          <input name="rfid" maxlength={20} defaultValue="FFFFFFFF" />
        </Field>
        {NUMBERS.map(([key, fallback]) => (
          <Field key={key} label={t(key)}>
            <input name={key} type="number" min={1} step="any" defaultValue={fallback} required />
          </Field>
        ))}
        <ScenarioField />
      </div>
      <Check label={t("repeat")} checked={repeat} set={setRepeat} />
      <details>
        <summary>{t("all")}</summary>
        <OptionFields value={options} set={setOptions} without={ASKED} />
      </details>
    </Dialog>
  );
}

/** Shows the dialog that stops a simulator and deletes it. */
export function RemoveButton({ name, removed }: { name: string; removed: () => void }) {
  return (
    <ActionButton
      look="quiet"
      icon="trash"
      label={t("remove")}
      of={name}
      ask={t("remove_text", { name })}
      run={() => call("DELETE", pathOf(name)).then(removed)}
    />
  );
}
