// One's own login: password, second factor, login sessions.
import { useState } from "preact/hooks";
import { at, call, get, getAll, session } from "../api.ts";
import { ActionButton } from "../components/action_button.tsx";
import { DataTable } from "../components/data_table.tsx";
import { Dialog } from "../components/dialog.tsx";
import { attempt } from "../components/inputs.tsx";
import { Card, Field, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { ago, when } from "../format.ts";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { ACCOUNT } from "../../i18n/admin/account.ts";
import { RecoveryCodes, SecondFactorDialog } from "./account/second_factor.tsx";

const t = messages(ACCOUNT);
const shell = messages(SHELL);

/** The open dialog: `codes` are recovery codes to show. */
type Open = "password" | "second factor" | { codes: string[] };

/** Shows the login of the user. */
export default function Account() {
  const login = useLoad(() => get("/ocpp/session/"), []);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => {
    setOpen(null);
    login.again();
  };
  const { ends_at = null, second_factor = false } = login.value ?? {};
  return (
    <>
      <PageHead title={t("title")} text={t("text", { name: session.value?.name ?? "" })} />
      <LoadState loading={login.loading} error={login.error} />
      <Card title={t("password")}>
        <p class="soft">{t("password_text")}</p>
        <div class="row">
          <ActionButton role="viewer" label={t("change_password")} run={() => setOpen("password")} />
        </div>
      </Card>
      <Card title={t("second_factor")}>
        <p class="soft">{second_factor ? t("factor_on") : t("factor_off")}</p>
        <div class="row">
          {second_factor ? <FactorButtons done={close} show={(codes) => setOpen({ codes })} /> : (
            <ActionButton
              role="viewer"
              look="primary"
              label={t("turn_on")}
              run={() => setOpen("second factor")}
            />
          )}
        </div>
      </Card>
      <Sessions ends_at={ends_at} />
      {open === "password" && <PasswordDialog close={close} />}
      {open === "second factor" && <SecondFactorDialog show={(codes) => setOpen({ codes })} close={close} />}
      {open && typeof open === "object" && <RecoveryCodes codes={open.codes} close={close} />}
    </>
  );
}

function FactorButtons({ done, show }: { done: () => void; show: (codes: string[]) => void }) {
  return (
    <>
      <ActionButton
        role="viewer"
        label={t("new_codes")}
        ask={t("new_codes_text")}
        run={async () =>
          show((await call("POST", "/ocpp/session/second_factor/recovery_codes/", {})).recovery_codes)}
      />
      <ActionButton
        role="viewer"
        label={t("turn_off")}
        ask={t("turn_off_text")}
        run={() => call("DELETE", "/ocpp/session/second_factor/").then(done)}
      />
    </>
  );
}

function Sessions({ ends_at }: { ends_at: string | null }) {
  const { value, loading, error, again } = useLoad(() => getAll("/ocpp/sessions/"), []);
  const own = (value ?? []).filter(({ user }) => user === session.value?.name);
  return (
    <Card title={t("sessions")} flush>
      {ends_at && <p class="soft">{t("ends", { time: when(ends_at) })}</p>}
      <LoadState loading={loading} error={error} />
      <DataTable
        rows={own}
        keyOf={({ session_id }) => session_id}
        t={t}
        columns={{
          browser: ({ agent, current }) => current ? <b>{t("this_one")}</b> : agent,
          address: ({ address }) => address,
          last_used: ({ last_used }) => ago(last_used),
          expires: ({ expires_at }) => when(expires_at),
          ends_at: ({ ends_at }) => when(ends_at),
          "": ({ session_id, current, agent }) => (!current && (
            <ActionButton
              role="viewer"
              label={t("end")}
              of={agent}
              run={() => call("DELETE", at("/ocpp/sessions/{session_id}/", { session_id })).then(again)}
            />
          )),
        }}
      />
    </Card>
  );
}

function PasswordDialog({ close }: { close: () => void }) {
  const run = async ({ password, new_password }: Record<string, string>) => {
    const change = () => call("PATCH", "/ocpp/session/", { password, new_password });
    if (await attempt(change, shell("saved"))) close();
  };
  return (
    <Dialog
      title={t("change_password")}
      close={close}
      submit={{ label: shell("save"), run: (fields) => void run(fields) }}
    >
      <Field label={t("old_password")}>
        <input name="password" type="password" required autocomplete="current-password" autofocus />
      </Field>
      <Field label={t("new_password")}>
        <input name="new_password" type="password" required autocomplete="new-password" />
      </Field>
    </Dialog>
  );
}
