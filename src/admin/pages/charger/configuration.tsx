// The charger's configuration keys, read from it and written to it.
import { useState } from "preact/hooks";
import { can, chargerPath, get } from "../../api.ts";
import { sendCommand } from "../../commands.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt, saveFile, Search } from "../../components/inputs.tsx";
import { Card, Empty, Field, LoadState, useLoad } from "../../components/parts.tsx";
import { toast } from "../../components/toast.tsx";
import { Icon } from "../../icons.tsx";
import { words } from "../../i18n.ts";
import type { ChargerView } from "../../types.ts";
import { CONFIGURATION } from "../../words/configuration.ts";
import { SHELL } from "../../words/shell.ts";

const t = words(CONFIGURATION);
const shell = words(SHELL);

interface Key {
  key: string;
  readonly: boolean;
  value?: string;
}

/** The tab. */
export function Configuration({ charger }: { charger: ChargerView }) {
  const { charger_id, connected } = charger;
  const [text, setText] = useState("");
  const [editing, setEditing] = useState<Key | null>(null);
  const { value: keys, loading, error, again } = useLoad(() => read(charger_id, connected), [
    charger_id,
    connected,
  ]);
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
              onClick={() => setEditing({ key: "", readonly: false })}
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
          <button type="button" class="btn" disabled={!connected} onClick={again}>
            <Icon name="reset" size={18} /> {t("read")}
          </button>
        </div>
      </div>
      <LoadState loading={loading && connected} error={error} />
      {keys && connected && (
        <Card flush>
          {found.length === 0
            ? <Empty icon="settings">{t("none")}</Empty>
            : <KeyTable keys={found} edit={setEditing} />}
        </Card>
      )}
      {editing && (
        <KeyDialog
          charger_id={charger_id}
          edited={editing}
          close={() => setEditing(null)}
          done={again}
        />
      )}
    </>
  );
}

function KeyTable({ keys, edit }: { keys: Key[]; edit: (key: Key) => void }) {
  return (
    <div class="table-wrap">
      <table class="cards-on-phone">
        <thead>
          <tr>
            <th>{t("key")}</th>
            <th>{t("value")}</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          {keys.map((one) => (
            <tr key={one.key}>
              <td class="wide">
                <b>{one.key}</b>
              </td>
              <td>
                <code>{one.value ?? ""}</code>
              </td>
              <td class="num">
                {one.readonly || !can("admin") ? <span class="soft small">{t("readonly")}</span> : (
                  <button
                    type="button"
                    class="btn small"
                    aria-label={`${t("change")} ${one.key}`}
                    onClick={() => edit(one)}
                  >
                    {t("change")}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface KeyDialogProps {
  charger_id: string;
  edited: Key;
  close: () => void;
  done: () => void;
}

function KeyDialog({ charger_id, edited, close, done }: KeyDialogProps) {
  const [busy, setBusy] = useState(false);
  const masked = edited.value === "***";
  const run = async ({ key = edited.key, value = "" }: Record<string, string>) => {
    setBusy(true);
    const went = await attempt(async () => {
      const { status = "" } = await sendCommand(charger_id, "change_configuration", { key, value });
      const refused = status !== "Accepted" && status !== "RebootRequired";
      toast(
        refused
          ? t("said", { key, status })
          : status === "Accepted"
          ? t("done", { key })
          : t("reboot", { key }),
        refused,
      );
    });
    setBusy(false);
    if (!went) return;
    close();
    done();
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

async function read(charger_id: string, connected: boolean): Promise<Key[]> {
  if (!connected) return [];
  const keys = can("admin")
    ? (await sendCommand(charger_id, "get_configuration", {})).response.configurationKey ?? []
    : (await get<{ keys: Key[] }>(`${chargerPath(charger_id)}configuration/`)).keys;
  return (keys as Key[]).sort((a, b) => a.key.localeCompare(b.key));
}

function download(charger_id: string, keys: Key[]): void {
  saveFile(
    `${charger_id}-configuration.json`,
    new Blob([JSON.stringify(keys, null, 2)], { type: "application/json" }),
  );
}
