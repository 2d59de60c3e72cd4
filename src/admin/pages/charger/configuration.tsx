// The tab with the charger's configuration keys.
import { useState } from "preact/hooks";
import { can } from "../../api.ts";
import { DataTable } from "../../components/data_table.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { attempt, saveFile, Search } from "../../components/inputs.tsx";
import { Card, Empty, Field, LoadState, useLoad } from "../../components/parts.tsx";
import { toast } from "../../components/toast.tsx";
import { useLive } from "../../components/use_live.ts";
import { when } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import type { ChargerView, ConfigurationKey } from "../../types.ts";
import { CONFIGURATION } from "../../../i18n/admin/configuration.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";
import { Compare, resultText } from "../configuration_compare/compare.tsx";
import { isPlain, known, readFrom, write } from "../configuration_compare/configurations.ts";
import { TemplateDialog } from "../configuration_compare/template_dialog.tsx";

const t = messages(CONFIGURATION);
const shell = messages(SHELL);

type Key = Pick<ConfigurationKey, "key" | "readonly" | "value">;

/** Shows the configuration. */
export function Configuration({ charger }: { charger: ChargerView }) {
  const { charger_id, connected } = charger;
  const [text, setText] = useState("");
  const [editing, setEditing] = useState<Key | null>(null);
  const [saving, setSaving] = useState(false);
  const asked = useLoad(() => readFrom(charger_id), [
    charger_id,
    connected,
  ]);
  const { value, loading, error } = useLive(
    () => known(charger_id),
    { types: ["configuration"], charger_id },
    [charger_id],
  );
  const keys = value?.keys;
  const found =
    keys?.filter(({ key, value }) => `${key} ${value}`.toLowerCase().includes(text.toLowerCase())) ?? [];
  return (
    <>
      <p class="soft">{t("text")}</p>
      {!connected && <p class="answer tone-amber">{t("not_connected")}</p>}
      <div class="row between">
        <Search value={text} set={setText} />
        <div class="row">
          {can("admin") && (
            <button
              type="button"
              class="btn"
              disabled={!connected}
              onClick={() => setEditing({ key: "", readonly: false, value: null })}
            >
              <Icon name="plus" size={18} /> {t("add_key")}
            </button>
          )}
          <button
            type="button"
            class="btn"
            disabled={!keys?.length}
            onClick={() => keys && download(charger_id, keys)}
          >
            <Icon name="download" size={18} /> {t("download")}
          </button>
          {can("admin") && (
            <button
              type="button"
              class="btn"
              disabled={!keys?.length}
              onClick={() => setSaving(true)}
            >
              <Icon name="copy" size={18} /> {t("save_standard")}
            </button>
          )}
          {can("admin") && (
            <button type="button" class="btn" disabled={!connected} onClick={asked.again}>
              <Icon name="reset" size={18} /> {t("read")}
            </button>
          )}
        </div>
      </div>
      <LoadState loading={(loading && !value) || asked.loading} error={error ?? asked.error} />
      <Compare charger={charger} />
      {value?.complete_at && <p class="hint">{t("as_of", { at: when(value.complete_at) })}</p>}
      {keys && (
        <Card flush>
          {found.length === 0
            ? <Empty icon="settings">{t("none")}</Empty>
            : <KeyTable keys={found} edit={connected && can("admin") ? setEditing : undefined} />}
        </Card>
      )}
      {editing && (
        <KeyDialog
          charger_id={charger_id}
          edited={editing}
          close={() => setEditing(null)}
        />
      )}
      {saving && keys && <TemplateDialog keys={forTemplate(keys)} close={() => setSaving(false)} />}
    </>
  );
}

function KeyTable({ keys, edit }: { keys: Key[]; edit: ((key: Key) => void) | undefined }) {
  return (
    <DataTable
      rows={keys}
      keyOf={({ key }) => key}
      t={t}
      columns={{
        key: ({ key }) => <b>{key}</b>,
        value: ({ value }) => <code>{value ?? ""}</code>,
        "": (one) =>
          one.readonly ? <span class="soft small">{t("readonly")}</span> : edit && (
            <button
              type="button"
              class="btn small"
              aria-label={`${t("change")} ${one.key}`}
              onClick={() => edit(one)}
            >
              {t("change")}
            </button>
          ),
      }}
    />
  );
}

/** Returns the keys that a configuration template can hold: writable values that are not secret. */
function forTemplate(keys: Key[]): [string, string][] {
  return keys.flatMap(({ key, readonly, value }) => !readonly && isPlain(value) ? [[key, value]] : []);
}

interface KeyDialogProps {
  charger_id: string;
  edited: Key;
  close: () => void;
}

function KeyDialog({ charger_id, edited, close }: KeyDialogProps) {
  const [busy, setBusy] = useState(false);
  const masked = edited.value === "***";
  const run = async ({ key = edited.key, value = "" }: Record<string, string>) => {
    setBusy(true);
    const went = await attempt(async () => {
      const { results, equal } = await write(charger_id, { [key]: value }, { [key]: edited.value });
      toast(`${key}: ${resultText(results[0]?.status ?? (equal.length ? "equal" : "readonly"))}`);
    });
    setBusy(false);
    if (went) close();
  };
  return (
    <Dialog
      title={edited.key || t("add_key")}
      close={close}
      submit={{ label: t("write"), run: (fields) => void run(fields), busy }}
    >
      {edited.key ? <p class="soft">{t("write_text", { key: edited.key })}</p> : (
        <Field label={t("key")}>
          <input name="key" required maxlength={50} autofocus />
        </Field>
      )}
      <Field label={t("value")}>
        <input
          name="value"
          defaultValue={masked ? "" : edited.value ?? ""}
          placeholder={masked ? shell("unchanged") : ""}
          required={masked}
          maxlength={500}
          autofocus={edited.key !== ""}
          autocomplete="off"
        />
      </Field>
    </Dialog>
  );
}

function download(charger_id: string, keys: Key[]): void {
  saveFile(
    `${charger_id}-configuration.json`,
    new Blob([JSON.stringify(keys, null, 2)], { type: "application/json" }),
  );
}
