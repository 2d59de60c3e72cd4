// The dialog that makes a configuration template from a charger's keys, or changes one.
import { useState } from "preact/hooks";
import { call, get } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Field } from "../../components/parts.tsx";
import { Icon } from "../../icons.tsx";
import { useUnchanged } from "../../components/unchanged.ts";
import { messages } from "../../i18n.ts";
import { CONFIGURATION_COMPARE } from "../../../i18n/admin/configuration_compare.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";
import { templatePath } from "./configurations.ts";

const t = messages(CONFIGURATION_COMPARE);
const shell = messages(SHELL);

interface TemplateDialogProps {
  /** The template's name; without it a new one is made. */
  name?: string | undefined;
  keys: [key: string, value: string][];
  close: () => void;
}

/** Shows the dialog. Its fields are `on<n>`, `key<n>` and `value<n>`. */
export function TemplateDialog({ name, keys, close }: TemplateDialogProps) {
  const [rows, setRows] = useState(keys.length ? keys : [["", ""]]);
  const [busy, setBusy] = useState(false);
  const unchanged = useUnchanged({
    opened: name ? { name, values: Object.fromEntries(keys) } : undefined,
    load: () => get(templatePath(name!)),
    fields: ["values"],
  });
  const run = async (fields: Record<string, string>) => {
    const chosen = rows.flatMap((_, n) => fields[`on${n}`] ? [[fields[`key${n}`], fields[`value${n}`]]] : []);
    setBusy(true);
    const path = templatePath(name ?? fields.name!);
    const body = { values: Object.fromEntries(chosen) };
    const save = () => unchanged().then(() => call("PUT", path, body));
    if (await attempt(save, shell("saved"))) close();
    setBusy(false);
  };
  return (
    <Dialog
      title={name ?? t("save_as")}
      close={close}
      submit={{ label: shell("save"), run: (fields) => void run(fields), busy }}
    >
      {!name && (
        <Field label={t("name")} hint={t("name_hint")}>
          <input name="name" required maxlength={100} defaultValue={t("default_name")} autofocus />
        </Field>
      )}
      <p class="soft">{t("choose_keys")}</p>
      <div class="pairs">
        {rows.map(([key, value], n) => (
          <div class="pair" key={n}>
            <input
              type="checkbox"
              name={`on${n}`}
              defaultChecked
              aria-label={t("part_of", { key: key || n + 1 })}
            />
            <input
              name={`key${n}`}
              aria-label={t("key")}
              defaultValue={key}
              readOnly={key !== ""}
              maxlength={50}
              required
            />
            <input name={`value${n}`} aria-label={key || t("value")} defaultValue={value} maxlength={500} />
          </div>
        ))}
      </div>
      <div>
        <button type="button" class="btn small" onClick={() => setRows([...rows, ["", ""]])}>
          <Icon name="plus" size={16} /> {t("add_key")}
        </button>
      </div>
    </Dialog>
  );
}
