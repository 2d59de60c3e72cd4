// The device behind a charger: a new id for it, or another device in its place.
import { useState } from "preact/hooks";
import { at, call, can } from "../../api.ts";
import { attempt } from "../../components/inputs.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Card, Field } from "../../components/parts.tsx";
import { toast } from "../../components/toast.tsx";
import { when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { putCharger } from "../../live.ts";
import type { WholeCharger } from "../../types.ts";
import { DEVICE } from "../../../i18n/admin/device.ts";

const t = messages(DEVICE);

type Change = "rename" | "replace";

/** Shows the device's id and its predecessors, with the actions that change them. */
export function Device({ charger, changed }: { charger: WholeCharger; changed: () => void }) {
  const [change, setChange] = useState<Change | null>(null);
  return (
    <Card title={t("title")}>
      <p>
        {t("identity")} <code>{charger.identity}</code>
      </p>
      <Former former={charger.former} />
      {can("admin") && (
        <div class="row">
          <button type="button" class="btn small" onClick={() => setChange("rename")}>{t("rename")}</button>
          <button type="button" class="btn small" onClick={() => setChange("replace")}>{t("replace")}</button>
        </div>
      )}
      {change && (
        <ChangeDialog
          key={change}
          charger={charger}
          change={change}
          changed={changed}
          close={() => setChange(null)}
        />
      )}
    </Card>
  );
}

function Former({ former }: Pick<WholeCharger, "former">) {
  if (former.length === 0) return null;
  return (
    <ul aria-label={t("former")}>
      {former.map(({ identity, end, until, model, serial_number }) => (
        <li key={until} class="soft">
          <code>{identity}</code> {end === "replaced" ? [model, serial_number].filter(Boolean).join(" ") : ""}
          {" "}
          {t(end === "replaced" ? "was_replaced" : "was_renamed")} {when(until)}
        </li>
      ))}
    </ul>
  );
}

interface DialogProps {
  charger: WholeCharger;
  change: Change;
  changed: () => void;
  close: () => void;
}

function ChangeDialog(
  { charger, change, changed, close }: DialogProps,
) {
  const { charger_id } = charger;
  const [busy, setBusy] = useState(false);
  const send = async ({ identity = "", password }: Record<string, string>) => {
    const done = change === "rename"
      ? await call("POST", at("/ocpp/chargers/{charger_id}/rename/", { charger_id }), { identity })
      : await call("POST", at("/ocpp/chargers/{charger_id}/replace/", { charger_id }), {
        identity,
        password: password || null,
      });
    putCharger(done);
    changed();
    toast(t(change === "rename" ? "renamed" : "replaced", { id: done.identity }));
  };
  const run = async (fields: Record<string, string>) => {
    setBusy(true);
    if (await attempt(() => send(fields))) close();
    setBusy(false);
  };
  return (
    <Dialog
      title={t(change)}
      close={close}
      submit={{ label: t(change), run: (fields) => void run(fields), danger: change === "replace", busy }}
    >
      <p>{t(`${change}_text`)}</p>
      <Field label={t("new_id")}>
        <input name="identity" required maxlength={64} defaultValue={charger.identity} />
      </Field>
      {change === "replace" && (
        <Field label={t("new_password")} hint={t("new_password_hint")}>
          <input name="password" maxlength={40} autocomplete="new-password" />
        </Field>
      )}
    </Dialog>
  );
}
