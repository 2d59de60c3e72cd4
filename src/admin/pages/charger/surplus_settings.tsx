// The choice that a charger's cars charge from the surplus alone.
import { Card, Field, fieldsOf } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import type { WholeCharger } from "../../types.ts";
import { LOAD } from "../../../i18n/admin/load.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";

const t = messages(LOAD);
const shell = messages(SHELL);

interface SurplusSettingsProps {
  charger: WholeCharger;
  save: (changes: Record<string, unknown>) => Promise<boolean>;
}

/** Asks for the choice where a circuit feeds the charger. */
export function SurplusSettings({ charger, save }: SurplusSettingsProps) {
  if (charger.circuit === null) return null;
  const run = ({ surplus, surplus_floor_a }: Record<string, string>) =>
    save({ surplus: surplus !== undefined, surplus_floor_a: Number(surplus_floor_a) });
  return (
    <Card title={t("title")}>
      <form class="stack" onSubmit={(event) => void run(fieldsOf(event))}>
        <div>
          <label class="check">
            <input type="checkbox" name="surplus" defaultChecked={charger.surplus} />
            <span>{t("surplus")}</span>
          </label>
          <small class="hint">{t("surplus_hint")}</small>
        </div>
        <Field label={t("surplus_floor")}>
          <input
            name="surplus_floor_a"
            type="number"
            min={0}
            max={charger.max_current_a}
            step="0.1"
            required
            defaultValue={charger.surplus_floor_a}
          />
        </Field>
        <div>
          <button type="submit" class="btn primary">{shell("save")}</button>
        </div>
      </form>
    </Card>
  );
}
