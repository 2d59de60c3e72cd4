// People and programs that may log in.
import { useState } from "preact/hooks";
import { call, getAll } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { attempt } from "../components/inputs.tsx";
import { Card, CopyButton, Field, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { ago, when } from "../format.ts";
import { Icon } from "../icons.tsx";
import { words } from "../i18n.ts";
import { SHELL } from "../words/shell.ts";
import { USERS } from "../words/site.ts";

const t = words(USERS);
const shell = words(SHELL);

interface User {
  name: string;
  role: string;
  last_login: string | null;
}

interface Token {
  token_id: string;
  label: string;
  role: string;
  expires_at: string | null;
  last_used: string | null;
}

type Open = { kind: "user"; user?: User } | { kind: "token" } | {
  kind: "remove";
  name: string;
  path: string;
};

/** The page. */
export default function Users() {
  const users = useLoad(() => getAll<User>("/ocpp/users/", "users"), []);
  const tokens = useLoad(() => getAll<Token>("/ocpp/tokens/", "tokens"), []);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => {
    setOpen(null);
    users.again();
    tokens.again();
  };
  return (
    <>
      <PageHead title={t("title")} text={t("text")}>
        <button type="button" class="btn" onClick={() => setOpen({ kind: "token" })}>
          <Icon name="plus" size={18} /> {t("add_token")}
        </button>
        <button type="button" class="btn primary" onClick={() => setOpen({ kind: "user" })}>
          <Icon name="plus" size={18} /> {t("add_user")}
        </button>
      </PageHead>
      <Card title={t("users")} flush>
        <LoadState loading={users.loading} error={users.error} />
        <Table
          head={[t("name"), t("role"), t("last_login")]}
          rows={(users.value ?? []).map((user) => ({
            key: user.name,
            cells: [user.name, t(user.role as "admin"), user.last_login ? ago(user.last_login) : t("never")],
            edit: () => setOpen({ kind: "user", user }),
            remove: () =>
              setOpen({
                kind: "remove",
                name: user.name,
                path: `/ocpp/users/${encodeURIComponent(user.name)}/`,
              }),
          }))}
        />
      </Card>
      <Card title={t("tokens")} flush>
        <LoadState loading={tokens.loading} error={tokens.error} />
        <Table
          head={[t("label"), t("role"), t("last_used"), t("expires")]}
          rows={(tokens.value ?? []).map((token) => ({
            key: token.token_id,
            cells: [
              token.label,
              t(token.role as "admin"),
              token.last_used ? ago(token.last_used) : t("never"),
              when(token.expires_at),
            ],
            remove: () =>
              setOpen({ kind: "remove", name: token.label, path: `/ocpp/tokens/${token.token_id}/` }),
          }))}
        />
      </Card>
      {open?.kind === "user" && <UserDialog user={open.user} close={close} />}
      {open?.kind === "token" && <TokenDialog close={close} />}
      {open?.kind === "remove" && <RemoveDialog {...open} close={close} />}
    </>
  );
}

interface TableProps {
  head: string[];
  rows: { key: string; cells: string[]; edit?: () => void; remove: () => void }[];
}

function Table({ head, rows }: TableProps) {
  return (
    <div class="table-wrap">
      <table class="cards-on-phone">
        <thead>
          <tr>
            {head.map((name) => <th key={name}>{name}</th>)}
            <th></th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells, edit, remove }) => (
            <tr key={key}>
              {cells.map((cell, index) => (
                <td key={index} data-label={index > 1 ? head[index] : undefined}>
                  {index === 0 ? <b>{cell}</b> : cell}
                </td>
              ))}
              <td class="num">
                {edit && <button type="button" class="btn small" onClick={edit}>{t("edit")}</button>}{" "}
                <button
                  type="button"
                  class="btn small quiet icon-only"
                  aria-label={`${t("remove")} ${cells[0]}`}
                  onClick={remove}
                >
                  <Icon name="trash" size={17} />
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
  const run = async ({ name = "", role, password }: Record<string, string>) => {
    const save = user
      ? () =>
        call("PATCH", `/ocpp/users/${encodeURIComponent(user.name)}/`, {
          role,
          ...(password ? { password } : {}),
        })
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
    </Dialog>
  );
}

function TokenDialog({ close }: { close: () => void }) {
  const [secret, setSecret] = useState("");
  const run = ({ label, role, expires }: Record<string, string>) =>
    attempt(async () => {
      const expires_at = expires ? new Date(expires).toISOString() : null;
      setSecret((await call<{ token: string }>("POST", "/ocpp/tokens/", { label, role, expires_at })).token);
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
      <Field label={t("expires")}>
        <input name="expires" type="datetime-local" />
      </Field>
    </Dialog>
  );
}

function RemoveDialog({ name, path, close }: { name: string; path: string; close: () => void }) {
  const run = async () => {
    if (await attempt(() => call("DELETE", path))) close();
  };
  return (
    <Dialog
      title={`${t("remove")}: ${name}`}
      close={close}
      submit={{
        label: t("remove"),
        danger: true,
        run: () => void run(),
      }}
    >
      <p>{t("remove_text", { name })}</p>
    </Dialog>
  );
}
