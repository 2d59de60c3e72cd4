// Configuration templates, and their application to several chargers.
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { DataTable } from "../components/data_table.tsx";
import { ActionButton } from "../components/action_button.tsx";
import { Fleet } from "../components/fleet.tsx";
import { Card, Empty, LoadState, PageHead } from "../components/parts.tsx";
import { useLive } from "../components/use_live.ts";
import { messages } from "../i18n.ts";
import type { ChargerView, ConfigurationTemplate } from "../types.ts";
import { CONFIGURATION_COMPARE } from "../../i18n/admin/configuration_compare.ts";
import { bring, differencesFrom } from "./configuration_compare/bring.ts";
import { loadTemplates, templatePath } from "./configuration_compare/configurations.ts";
import { TemplateDialog } from "./configuration_compare/template_dialog.tsx";

const t = messages(CONFIGURATION_COMPARE);

/** Shows the templates. */
export default function ConfigurationTemplates() {
  const { value, loading, error } = useLive(loadTemplates, { types: ["standard", "standard_deleted"] }, []);
  const [editing, setEditing] = useState<Partial<ConfigurationTemplate> | null>(null);
  const [chosen, setChosen] = useState("");
  const applied = value?.find(({ name }) => name === chosen);
  return (
    <>
      <PageHead title={t("standards")} text={t("standards_text")}>
        <ActionButton look="primary" icon="plus" label={t("save_as")} run={() => setEditing({})} />
      </PageHead>
      <Card flush>
        <LoadState loading={loading && !value} error={error} />
        {value?.length === 0 && <Empty icon="settings">{t("no_standards")}</Empty>}
        {value && value.length > 0 && (
          <DataTable
            rows={value}
            keyOf={({ name }) => name}
            t={t}
            columns={{
              name: ({ name }) => <b>{name}</b>,
              keys: ({ values }) => Object.keys(values).length,
              "": (standard) => <Buttons standard={standard} apply={setChosen} edit={setEditing} />,
            }}
          />
        )}
      </Card>
      {applied && <Apply key={applied.name} standard={applied} />}
      {editing && (
        <TemplateDialog
          name={editing.name}
          keys={Object.entries(editing.values ?? {})}
          close={() => setEditing(null)}
        />
      )}
    </>
  );
}

interface ButtonsProps {
  standard: ConfigurationTemplate;
  apply: (name: string) => void;
  edit: (standard: ConfigurationTemplate) => void;
}

function Buttons({ standard, apply, edit }: ButtonsProps) {
  const { name } = standard;
  return (
    <div class="row">
      <ActionButton label={t("apply")} run={() => apply(name)} />
      <ActionButton label={t("edit")} run={() => edit(standard)} />
      <ActionButton
        label={t("delete")}
        of={name}
        ask={t("delete_ask")}
        run={() => call("DELETE", templatePath(name))}
      />
    </div>
  );
}

function Apply({ standard }: { standard: ConfigurationTemplate }) {
  const { name } = standard;
  return (
    <Card title={`${t("apply")}: ${name}`} flush>
      <p class="soft pad">{t("apply_text")}</p>
      <Fleet
        label={t("apply_label")}
        ask={(n) => t("apply_ask", { n, name })}
        run={(charger_id) => bring(charger_id, standard)}
        about={[t("differ"), (charger) => <Count charger={charger} standard={standard} />]}
      />
    </Card>
  );
}

interface CountProps {
  charger: ChargerView;
  standard: ConfigurationTemplate;
}

/** Shows the count of keys in which a charger differs; a charger that was never read is read first. */
function Count({ charger: { charger_id, connected }, standard }: CountProps) {
  const load = () => differencesFrom(charger_id, standard);
  const { value, error } = useLive(load, { types: ["configuration"], charger_id }, [
    connected,
    standard.values,
  ]);
  if (!value) return error ? error.message : "…";
  return (
    <details>
      <summary>{t("n_keys", { n: value.length })}</summary>
      {value.map(({ key, value: here, other }) => (
        <div key={key} class="small">
          {key}: <code>{here ?? t("missing")}</code> → <code>{other}</code>
        </div>
      ))}
    </details>
  );
}
