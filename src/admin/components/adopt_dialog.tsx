// The admission of a charger that waits: its name, place, cards and key in one form, and what to do next.
import { useState } from "preact/hooks";
import { at, call, chargerPath } from "../api.ts";
import { messages } from "../i18n.ts";
import { putCharger } from "../live.ts";
import { ADOPT } from "../../i18n/admin/adopt.ts";
import { Dialog } from "./dialog.tsx";
import { attempt } from "./inputs.tsx";
import { Field } from "./parts.tsx";
import { PlaceFields } from "./place_fields.tsx";

const t = messages(ADOPT);

/** A button that opens the dialog. */
export function AdoptButton({ charger_id, label = t("adopt") }: { charger_id: string; label?: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="btn small primary" onClick={() => setOpen(true)}>{label}</button>
      {open && <AdoptDialog charger_id={charger_id} close={() => setOpen(false)} />}
    </>
  );
}

function AdoptDialog({ charger_id, close }: { charger_id: string; close: () => void }) {
  const run = async (fields: Record<string, string>) => {
    const adopted = await attempt(
      async () => putCharger(await call("PATCH", chargerPath(charger_id), recordOf(fields))),
      t("adopted", { id: fields.name || charger_id }),
    );
    if (!adopted) return;
    if (fields.key) {
      await attempt(
        () => call("POST", at("/ocpp/chargers/{charger_id}/password/", { charger_id }), {}),
        t("key_sent"),
      );
    }
    close();
  };
  return (
    <Dialog
      title={t("title", { id: charger_id })}
      close={close}
      submit={{ label: t("adopt"), run: (fields) => void run(fields) }}
    >
      <Field label={t("name")}>
        <input name="name" maxlength={100} autocomplete="off" autofocus />
      </Field>
      <label class="check">
        <input type="checkbox" name="require_rfid" /> <span>{t("require_rfid")}</span>
      </label>
      <label class="check">
        <input type="checkbox" name="key" /> <span>{t("key")}</span>
      </label>
      <details>
        <summary>{t("place")}</summary>
        <div class="form">
          <PlaceFields labels={[t("latitude"), t("longitude")]} latitude={null} longitude={null} />
        </div>
      </details>
    </Dialog>
  );
}

/** Returns the changes of the charger's record; what was left empty stays as it is. */
function recordOf({ name, require_rfid, latitude, longitude }: Record<string, string>) {
  return {
    registration: "Accepted",
    ...(name ? { name } : {}),
    ...(require_rfid ? { require_rfid: true } : {}),
    ...(latitude && longitude ? { latitude: Number(latitude), longitude: Number(longitude) } : {}),
  };
}
