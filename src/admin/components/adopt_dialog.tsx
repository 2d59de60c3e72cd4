// The admission of a charger that waits: its name, place, cards and key in one form, and what to do next.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { at, call, chargerPath } from "../api.ts";
import { messages } from "../i18n.ts";
import { putCharger } from "../live.ts";
import { ADOPT } from "../../i18n/admin/adopt.ts";
import { Dialog } from "./dialog.tsx";
import { attempt } from "./inputs.tsx";
import { Field } from "./parts.tsx";
import { PlaceFields } from "./place_fields.tsx";

const t = messages(ADOPT);

/** A charger to be adopted; `knock_id`: its refused connection, where it was never let in. */
interface Candidate {
  charger_id: string;
  knock_id?: string;
}

const candidate = signal<Candidate | null>(null);

/** A button that opens the dialog. */
export function AdoptButton({ label = t("adopt"), ...who }: Candidate & { label?: string }) {
  return (
    <button type="button" class="btn small primary" onClick={() => candidate.value = who}>{label}</button>
  );
}

/** The dialog itself, which outlives the line with its button: an adopted charger does not wait any more. */
export function Adoption() {
  const close = () => candidate.value = null;
  useEffect(() => () => void close(), []);
  return candidate.value && <AdoptDialog {...candidate.value} close={close} />;
}

function AdoptDialog({ charger_id, knock_id, close }: Candidate & { close: () => void }) {
  const [name, setName] = useState<string | null>(null);
  const run = async (fields: Record<string, string>) => {
    if (!await attempt(() => adopt({ charger_id, ...knock_id ? { knock_id } : {} }, fields))) return;
    setName(fields.name || charger_id);
    if (!fields.key) return;
    const path = at("/ocpp/chargers/{charger_id}/password/", { charger_id });
    await attempt(() => call("POST", path, {}), t("key_sent"));
  };
  if (name !== null) return <Adopted charger_id={charger_id} name={name} close={close} />;
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
      {!knock_id && (
        <label class="check">
          <input type="checkbox" name="key" /> <span>{t("key")}</span>
        </label>
      )}
      <details>
        <summary>{t("place")}</summary>
        <div class="form">
          <PlaceFields labels={[t("latitude"), t("longitude")]} latitude={null} longitude={null} />
        </div>
      </details>
    </Dialog>
  );
}

/** Lets the charger in, and stores what was said of it. */
async function adopt({ charger_id, knock_id }: Candidate, fields: Record<string, string>): Promise<void> {
  if (knock_id) await call("POST", at("/ocpp/waiting/{knock_id}/", { knock_id }), { action: "adopt" });
  putCharger(await call("PATCH", chargerPath(charger_id), recordOf(fields)));
}

/** The next steps with an adopted charger. */
function Adopted({ charger_id, name, close }: { charger_id: string; name: string; close: () => void }) {
  const id = encodeURIComponent(charger_id);
  return (
    <Dialog title={t("adopted", { id: name })} close={close}>
      <p>{t("next")}</p>
      <div class="row">
        <a class="btn primary" href={`/admin/commissioning?charger=${id}`} onClick={close}>{t("test")}</a>
        <a class="btn" href={`/admin/labels?id=${id}`} onClick={close}>{t("label")}</a>
        <a class="btn" href={`/admin/chargers/${id}`} onClick={close}>{t("open")}</a>
      </div>
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
