// The card of backups: creation, download, restore.
import { useState } from "preact/hooks";
import { at, authHeaders, call, get } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt, Check, saveFile } from "../../components/inputs.tsx";
import { Card, Empty, LoadState, useLoad } from "../../components/parts.tsx";
import { useRestore } from "../../components/restore.tsx";
import { toast } from "../../components/toast.tsx";
import { number, when } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import type { Backup } from "../../types.ts";
import { OffTheMachine } from "./backup_copies.tsx";
import { SYSTEM } from "../../../i18n/admin/system.ts";

const t = messages(SYSTEM);

/** Shows the backups. */
export function Backups() {
  const { value, loading, error, again } = useLoad(
    () => get("/ocpp/backups/"),
    [],
  );
  const [restoring, setRestoring] = useState(false);
  const backups = value?.backups ?? [];
  const make = () =>
    attempt(async () => {
      const { name } = await call("POST", "/ocpp/backups/", {});
      toast(t("made", { name }));
      again();
    });
  const side = (
    <div class="row">
      <button type="button" class="btn small" onClick={() => setRestoring(true)}>
        <Icon name="upload" size={16} /> {t("restore")}
      </button>
      <button type="button" class="btn small primary" onClick={() => void make()}>
        <Icon name="download" size={16} /> {t("make")}
      </button>
    </div>
  );
  return (
    <Card title={t("backups")} side={side} flush>
      <LoadState loading={loading && !value} error={error} />
      {value && backups.length === 0 && <Empty icon="download">{t("no_backups")}</Empty>}
      {backups.length > 0 && (
        <div class="table-wrap" tabIndex={0}>
          <table>
            <tbody>{backups.map((backup) => <Row key={backup.name} backup={backup} />)}</tbody>
          </table>
        </div>
      )}
      {value && value.replaced.length > 0 && (
        <>
          <p class="soft">{t("replaced")}</p>
          <table>
            <tbody>
              {value.replaced.map((file) => <Replaced key={file.name} file={file} again={again} />)}
            </tbody>
          </table>
        </>
      )}
      {value?.next_nightly && <p class="soft">{t("next_nightly", { time: when(value.next_nightly) })}</p>}
      {value && <OffTheMachine state={value} again={again} />}
      {restoring && <RestoreDialog close={() => setRestoring(false)} />}
    </Card>
  );
}

const KEYS = { "encrypted": "keys_encrypted", "left out": "keys_left_out", "none": "keys_none" } as const;

function Row({ backup: { name, bytes, at, damaged, keys } }: { backup: Backup }) {
  const save = async () => {
    const answer = await fetch(`/ocpp/backups/${encodeURIComponent(name)}`, { headers: authHeaders() });
    saveFile(name, await answer.blob());
  };
  return (
    <tr>
      <td>
        <code>{name}</code> {damaged && <span class="tone-red">{t("damaged_backup")}</span>}
        {keys && <small class="soft">{t(KEYS[keys])}</small>}
      </td>
      <td class="num soft">{bytes === undefined ? "" : `${number(bytes / 1000)} kB`}</td>
      <td class="soft">{at ? when(at) : ""}</td>
      <td class="num">
        <button type="button" class="btn small" onClick={() => void attempt(save)}>{t("download")}</button>
      </td>
    </tr>
  );
}

function Replaced({ file: { name, bytes, at: restored_at }, again }: { file: Backup; again: () => void }) {
  const remove = async () => {
    await call("DELETE", at("/ocpp/backups/replaced/{name}/", { name }));
    again();
  };
  return (
    <tr>
      <td class="soft">{when(restored_at)}</td>
      <td class="num soft">{`${number(bytes / 1000)} kB`}</td>
      <td class="num">
        <button type="button" class="btn small danger" onClick={() => void attempt(remove)}>
          {t("delete")}
        </button>
      </td>
    </tr>
  );
}

function RestoreDialog({ close }: { close: () => void }) {
  const { ready, restore, field } = useRestore("/ocpp/backups/restore/");
  const [old_people, setOldPeople] = useState(false);
  return (
    <Dialog
      title={t("restore")}
      close={close}
      submit={{
        label: t("restore"),
        danger: true,
        busy: !ready,
        run: () => void attempt(() => restore({}, old_people ? { people: "backup" } : {})),
      }}
    >
      <p class="answer tone-amber">{t("restore_text")}</p>
      {field}
      <Check label={t("old_people")} checked={old_people} set={setOldPeople} />
    </Dialog>
  );
}
