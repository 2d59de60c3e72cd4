// What a simulated charger is put through.
import { useState } from "preact/hooks";
import { get } from "../../api.ts";
import { Field, useLoad } from "../../components/parts.tsx";
import { hasMessage, messages } from "../../i18n.ts";
import { SCENARIOS } from "../../../i18n/admin/scenarios.ts";
import { SIMULATORS } from "../../../i18n/admin/simulators.ts";

const t = messages(SIMULATORS);
const about = messages(SCENARIOS);

interface ScenarioProps {
  value?: string | null;
  /** Whether there is something to repeat that its charger was heard to send. */
  recorded?: boolean;
  choose?: (scenario: string | null) => void;
}

/** A choice of the ready scenarios; the first plays none. */
export function ScenarioField({ value = null, recorded = false, choose }: ScenarioProps) {
  const { value: all } = useLoad(() => get<{ scenarios: { name: string }[] }>("/ocpp/scenarios/"), []);
  const [chosen, setChosen] = useState(value ?? "");
  const take = (name: string) => {
    setChosen(name);
    choose?.(name || null);
  };
  return (
    <Field label={t("scenario")} hint={hasMessage(SCENARIOS, chosen) && about(chosen)} wide>
      <select
        name="scenario"
        key={String(all !== undefined)}
        value={chosen}
        onChange={(event) => take(event.currentTarget.value)}
      >
        <option value="">{t("no_scenario")}</option>
        {recorded && <option value="recorded">{t("recorded")}</option>}
        {all?.scenarios.map(({ name }) => <option key={name} value={name}>{name.replaceAll("_", " ")}
        </option>)}
      </select>
    </Field>
  );
}
