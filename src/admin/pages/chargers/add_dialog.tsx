// The dialog that adds a charger before it connects for the first time.
import { call } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Field } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import { putCharger } from "../../live.ts";
import { CHARGERS } from "../../../i18n/admin/chargers.ts";

const t = messages(CHARGERS);

/** Shows the dialog. */
export function AddDialog({ close }: { close: () => void }) {
  const run = async ({ charger_id, name, password, require_rfid }: Record<string, string>) => {
    const body = {
      charger_id,
      name,
      require_rfid: require_rfid !== undefined,
      ...(password ? { password } : {}),
    };
    const done = await attempt(
      async () => putCharger(await call("POST", "/ocpp/chargers/", body)),
      t("created", { id: charger_id! }),
    );
    if (done) close();
  };
  return (
    <Dialog
      title={t("add")}
      close={close}
      submit={{ label: t("add"), run: (fields) => void run(fields) }}
    >
      <p class="soft">{t("add_text")}</p>
      <Field label={t("charger_id")} hint={t("charger_id_hint")}>
        <input name="charger_id" required maxlength={64} autocomplete="off" autofocus />
      </Field>
      <Field label={t("name")}>
        <input name="name" maxlength={100} />
      </Field>
      <Field label={t("password")} hint={t("password_hint")}>
        <input name="password" maxlength={40} autocomplete="new-password" />
      </Field>
      <label class="check">
        <input type="checkbox" name="require_rfid" /> <span>{t("require_rfid")}</span>
      </label>
    </Dialog>
  );
}
