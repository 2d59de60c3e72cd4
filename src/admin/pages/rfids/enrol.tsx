// Enrolment of the next unknown card that is tapped at a charger's reader.
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../../components/dialog.tsx";
import { Field } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import { chargers, ids, type LiveEvent, onLive } from "../../live.ts";
import type { Rfid } from "../../types.ts";
import { RFIDS } from "../../../i18n/admin/rfids.ts";

const t = messages(RFIDS);

interface EnrolDialogProps {
  known: Rfid[];
  found: (tag: string) => void;
  close: () => void;
}

/** Waits for a card; shows a known one, and calls `found` with an unknown one. */
export function EnrolDialog({ known, found, close }: EnrolDialogProps) {
  const [at, setAt] = useState("");
  const [seen, setSeen] = useState("");
  useEffect(() =>
    onLive((event) => {
      const tag = tagOf(event);
      if (tag === "" || (at !== "" && event.data.charger_id !== at)) return;
      const holder = known.find(({ rfid }) => rfid.toUpperCase() === tag.toUpperCase());
      if (!holder) return found(tag);
      setSeen(t("enrol_known", { label: holder.label || holder.rfid }));
    }), [at, known]);
  return (
    <Dialog title={t("enrol")} close={close}>
      <p class="soft">{t("enrol_text")}</p>
      <Field label={t("charger")}>
        <select value={at} onChange={(event) => setAt(event.currentTarget.value)}>
          <option value="">{t("any_charger")}</option>
          {ids.value.map((id) => <option key={id} value={id}>{chargers.get(id)?.value.name || id}</option>)}
        </select>
      </Field>
      <div class="busy" role="progressbar"></div>
      <p role="status">
        {t("enrol_wait", { charger: at ? chargers.get(at)?.value.name || at : t("any_charger") })}
      </p>
      {seen && <p class="answer tone-amber">{seen}</p>}
    </Dialog>
  );
}

/** Returns the tag in an event of Authorize or of a session that began without one, else "". */
function tagOf({ type, data }: LiveEvent): string {
  return type === "authorize" || type === "transaction" ? data.id_tag : "";
}
