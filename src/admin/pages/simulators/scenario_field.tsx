// The choice of a simulated charger's scenario.
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
  /** True if there is a recording to replay. */
  recorded?: boolean;
  choose?: (scenario: string | null) => void;
}

/** Shows the choice of scenarios; the first option is none. */
export function ScenarioField({ value = null, recorded = false, choose }: ScenarioProps) {
  const { value: all } = useLoad(() => get("/ocpp/scenarios/"), []);
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
