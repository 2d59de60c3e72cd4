// Users and API tokens.
import { useState } from "preact/hooks";
import type { Filled } from "../../http/client_types.ts";
import { at, call, get, getAll } from "../api.ts";
import { DataTable } from "../components/data_table.tsx";
import { ActionButton } from "../components/action_button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { attempt, Check } from "../components/inputs.tsx";
import { CopyButton } from "../components/copy_button.tsx";
import { Card, Field, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { useUnchanged } from "../components/unchanged.ts";
import { ago, when } from "../format.ts";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { isoOf } from "../typed_time.ts";
import { siteZone } from "../zone.ts";
import type { User } from "../types.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { USERS } from "../../i18n/admin/site.ts";

const t = messages(USERS);
const shell = messages(SHELL);

/** The open dialog: of a user, of a new user, of a new token. */
type Open = { user?: User } | "token";

/** Shows users and tokens. */
export default function Users() {
  const users = useLoad(() => getAll("/ocpp/users/"), []);
  const tokens = useLoad(() => getAll("/ocpp/tokens/"), []);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => {
    setOpen(null);
    users.again();
    tokens.again();
  };
  const remove = (name: string, path: Filled<"/ocpp/users/{name}/" | "/ocpp/tokens/{token_id}/">) => (
    <ActionButton
      look="quiet icon-only"
      icon="trash"
      label={t("remove")}
      of={name}
      ask={t("remove_text", { name })}
      run={() => call("DELETE", path).then(close)}
    />
  );
  return (
    <>
      <PageHead title={t("title")} text={t("text")}>
        <button type="button" class="btn" onClick={() => setOpen("token")}>
          <Icon name="plus" size={18} /> {t("add_token")}
        </button>
        <button type="button" class="btn primary" onClick={() => setOpen({})}>
          <Icon name="plus" size={18} /> {t("add_user")}
        </button>
      </PageHead>
      <Card title={t("users")} flush>
        <LoadState loading={users.loading} error={users.error} />
        <DataTable
          rows={users.value ?? []}
          keyOf={({ name }) => name}
          t={t}
          columns={{
            name: ({ name, disabled }) => (
              <>
                <b>{name}</b> {disabled && `(${t("disabled")})`}
              </>
            ),
            role: ({ role }) => t(role as "admin"),
            second_factor: ({ second_factor }) => t(second_factor ? "on" : "off"),
            last_login: ({ last_login }) => last_login ? ago(last_login) : t("never"),
            "": (user) => (
              <>
                <ActionButton
                  label={t("edit")}
                  of={user.name}
                  run={() => setOpen({ user })}
                />
                {user.second_factor && <FactorOff user={user} done={close} />}
                {remove(user.name, at("/ocpp/users/{name}/", { name: user.name }))}
              </>
            ),
          }}
        />
      </Card>
      <Card title={t("tokens")} flush>
        <LoadState loading={tokens.loading} error={tokens.error} />
        <DataTable
          rows={tokens.value ?? []}
          keyOf={({ token_id }) => token_id}
          t={t}
          columns={{
            label: ({ label }) => <b>{label}</b>,
            role: ({ role }) => t(role as "admin"),
            made_by: ({ created_by }) => created_by,
            last_used: ({ last_used }) => last_used ? ago(last_used) : t("never"),
            expires: ({ expires_at }) => when(expires_at),
            "": ({ label, token_id }) => remove(label, at("/ocpp/tokens/{token_id}/", { token_id })),
          }}
        />
      </Card>
      {open === "token" && <TokenDialog close={close} />}
      {open && open !== "token" && <UserDialog user={open.user} close={close} />}
    </>
  );
}

function FactorOff({ user: { name }, done }: { user: User; done: () => void }) {
  return (
    <ActionButton
      label={t("factor_off")}
      of={name}
      ask={t("factor_off_text", { name })}
      run={() => call("PATCH", at("/ocpp/users/{name}/", { name }), { second_factor: false }).then(done)}
    />
  );
}

function RoleField({ role = "operator" }: { role?: string | undefined }) {
  return (
    <Field label={t("role")}>
      <select name="role">
        {(["viewer", "operator", "admin"] as const).map((one) => (
          <option key={one} value={one} selected={one === role}>{t(one)}</option>
        ))}
      </select>
    </Field>
  );
}

function UserDialog({ user, close }: { user: User | undefined; close: () => void }) {
  const [disabled, setDisabled] = useState(user?.disabled ?? false);
  const path = at("/ocpp/users/{name}/", { name: user?.name ?? "" });
  const unchanged = useUnchanged({ opened: user, load: () => get(path), fields: ["role", "disabled"] });
  const run = async ({ name = "", role, password }: Record<string, string>) => {
    const save = user
      ? () =>
        unchanged().then(() => call("PATCH", path, { role, disabled, ...(password ? { password } : {}) }))
      : () => call("POST", "/ocpp/users/", { name, role, password });
    if (await attempt(save, shell("saved"))) close();
  };
  return (
    <Dialog
      title={user?.name ?? t("add_user")}
      close={close}
      submit={{ label: shell("save"), run: (fields) => void run(fields) }}
    >
      {!user && (
        <Field label={t("name")}>
          <input name="name" required maxlength={50} autocomplete="off" autofocus />
        </Field>
      )}
      <RoleField role={user?.role} />
      <Field label={user ? t("new_password") : t("password")} hint={user ? t("keep") : undefined}>
        <input name="password" type="password" required={!user} autocomplete="new-password" />
      </Field>
      {user && <Check label={t("disabled_text")} checked={disabled} set={setDisabled} />}
    </Dialog>
  );
}

function TokenDialog({ close }: { close: () => void }) {
  const [secret, setSecret] = useState("");
  const run = ({ label, role, expires }: Record<string, string>) =>
    attempt(async () => {
      const expires_at = isoOf(expires);
      setSecret((await call("POST", "/ocpp/tokens/", { label, role, expires_at })).token);
    });
  if (secret) {
    return (
      <Dialog title={t("add_token")} close={close}>
        <p>{t("token_once")}</p>
        <div class="row">
          <code class="grow" data-testid="token">{secret}</code>
          <CopyButton text={secret} />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t("add_token")}
      close={close}
      submit={{ label: t("add_token"), run: (fields) => void run(fields) }}
    >
      <Field label={t("label")}>
        <input name="label" required maxlength={100} autofocus />
      </Field>
      <RoleField role="viewer" />
      <Field label={t("expires")} hint={shell("times_in", { zone: siteZone() })}>
        <input name="expires" type="datetime-local" />
      </Field>
    </Dialog>
  );
}
