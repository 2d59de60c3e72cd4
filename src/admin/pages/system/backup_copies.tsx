// The copies of backups off the machine: their state, their places, and the secrets of backups.
import { useState } from "preact/hooks";
import { call, get } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Field, useLoad } from "../../components/parts.tsx";
import { toast } from "../../components/toast.tsx";
import { when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import type { BackupCopy, BackupState, SiteSettings } from "../../types.ts";
import { SYSTEM } from "../../../i18n/admin/system.ts";

const t = messages(SYSTEM);

const FIELDS = ["backup_s3_url", "backup_s3_region", "backup_s3_access_key"] as const;

/** Shows whether keys are in backups and where copies went, with the way to change both. */
export function OffTheMachine({ state, again }: { state: BackupState; again: () => void }) {
  const [editing, setEditing] = useState(false);
  const copy = () =>
    attempt(async () => {
      const { copies } = await call("POST", "/ocpp/backups/copy/", {});
      if (copies.every(({ error }) => error === null)) toast(t("copied"));
      again();
    });
  return (
    <div class="stack tight">
      {state.passphrase === "none" && <p class="answer tone-amber">{t("no_passphrase")}</p>}
      {state.copies.length === 0 && <p class="answer tone-amber">{t("no_copies")}</p>}
      {state.copies.map((copy) => <Copy key={copy.target} copy={copy} />)}
      <div class="row">
        <button type="button" class="btn small" onClick={() => setEditing(true)}>{t("backup_places")}</button>
        {state.copies.length > 0 && (
          <button type="button" class="btn small" onClick={() => void copy()}>{t("copy_now")}</button>
        )}
      </div>
      {editing && <PlacesDialog state={state} close={() => setEditing(false)} done={again} />}
    </div>
  );
}

function Copy({ copy: { target, name, at, error } }: { copy: BackupCopy }) {
  return (
    <p class={error ? "answer tone-red" : "soft"} role={error ? "alert" : undefined}>
      <code>{target}</code>:{" "}
      {error ?? (name ? t("last_copy", { name, time: at ? when(at) : "" }) : t("no_copy_yet"))}
    </p>
  );
}

interface PlacesProps {
  state: BackupState;
  close: () => void;
  done: () => void;
}

/** Asks for the bucket and for the secrets; a secret that stays empty is not changed. */
function PlacesDialog({ state, close, done }: PlacesProps) {
  const { value: settings } = useLoad(() => get("/ocpp/settings/"), []);
  const [changed, setChanged] = useState<Record<string, string>>({});
  const set = (name: string) => (text: string) => setChanged({ ...changed, [name]: text });
  const save = () =>
    attempt(async () => {
      const { passphrase, s3_secret_key, ...places } = changed;
      if (Object.keys(places).length > 0) await call("PATCH", "/ocpp/settings/", places);
      const secrets = { ...(passphrase && { passphrase }), ...(s3_secret_key && { s3_secret_key }) };
      if (Object.keys(secrets).length > 0) await call("PUT", "/ocpp/backups/secrets/", secrets);
      close();
      done();
    });
  return (
    <Dialog
      title={t("backup_places")}
      close={close}
      submit={{ label: t("save"), busy: !settings, run: () => void save() }}
    >
      <Secret
        name="passphrase"
        origin={state.passphrase}
        set={set("passphrase")}
        hint={t("passphrase_hint")}
      />
      <p class="soft">{t("folder_text")}</p>
      {settings && FIELDS.map((name) => (
        <Field key={name} label={t(name)}>
          <input
            name={name}
            value={changed[name] ?? String((settings as SiteSettings)[name] ?? "")}
            onInput={(event) => set(name)(event.currentTarget.value)}
          />
        </Field>
      ))}
      <Secret
        name="s3_secret_key"
        origin={state.s3_secret_key}
        set={set("s3_secret_key")}
        hint={t("secret_hint")}
      />
    </Dialog>
  );
}

interface SecretProps {
  name: "passphrase" | "s3_secret_key";
  origin: BackupState["passphrase"];
  set: (text: string) => void;
  hint: string;
}

/** Shows the origin of a secret, never the secret, and takes a new one. */
function Secret({ name, origin, set, hint }: SecretProps) {
  const remove = () =>
    attempt(async () => {
      await call("PUT", "/ocpp/backups/secrets/", { [name]: null });
      toast(t("secret_deleted"));
    });
  return (
    <>
      <Field label={t(name)} hint={`${t(`secret_${origin}`)} ${hint}`}>
        <input
          type="password"
          name={name}
          autocomplete="new-password"
          disabled={origin === "configuration"}
          minlength={name === "passphrase" ? 12 : 1}
          onInput={(event) => set(event.currentTarget.value)}
        />
      </Field>
      {origin === "admin" && (
        <button type="button" class="btn small danger" onClick={() => void remove()}>
          {t("delete_secret")}
        </button>
      )}
    </>
  );
}
