// The choice of a card by its holder, in a form; another card is typed.
import { useState } from "preact/hooks";
import { at, get } from "../api.ts";
import { messages, recall } from "../i18n.ts";
import type { Rfid } from "../types.ts";
import { COMMANDS } from "../../i18n/admin/commands.ts";
import { Field, useLoad } from "./parts.tsx";

const t = messages(COMMANDS);

const OTHER = "";

/** Shows the field `card`: the cards that may charge, the one used last in this browser chosen, else the one seen last. */
export function CardField() {
  const { value, error } = useLoad(loadCards, []);
  const [other, setOther] = useState(false);
  if (!value && !error) return null;
  if (!value?.length || other) {
    return (
      <Field label={t("card")}>
        <input
          name="card"
          required
          maxlength={20}
          defaultValue={recall("card") ?? ""}
          autocomplete="off"
          autofocus
        />
      </Field>
    );
  }
  const chosen = value.find(({ rfid }) => rfid === recall("card")) ?? value[0];
  return (
    <Field label={t("card")}>
      <select
        name="card"
        onChange={({ currentTarget }) => setOther(currentTarget.value === OTHER)}
      >
        {value.map((card) => (
          <option key={card.rfid} value={card.rfid} selected={card === chosen}>
            {card.label ? `${card.label} · ${card.rfid}` : card.rfid}
          </option>
        ))}
        <option value={OTHER}>{t("other_card")}</option>
      </select>
    </Field>
  );
}

/** Returns the cards that may charge now, the one seen last first. */
async function loadCards(): Promise<Rfid[]> {
  const { rfids } = await get(at("/ocpp/rfids/", {}, { limit: 1000 }));
  const valid = rfids.filter(({ allowed, expires_at }) =>
    allowed && (expires_at === null || Date.parse(expires_at) > Date.now())
  );
  return valid.sort((a, b) => (b.last_seen ?? "").localeCompare(a.last_seen ?? ""));
}
