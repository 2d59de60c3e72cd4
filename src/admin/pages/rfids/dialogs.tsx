// The dialog that adds, changes or deletes a card.
import { at, call, get } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Field } from "../../components/parts.tsx";
import { useUnchanged } from "../../components/unchanged.ts";
import { messages } from "../../i18n.ts";
import { isoOf } from "../../typed_time.ts";
import { siteZone, wallAt } from "../../zone.ts";
import type { Rfid } from "../../types.ts";
import { RFIDS } from "../../../i18n/admin/rfids.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";

const t = messages(RFIDS);
const shell = messages(SHELL);

const EDITED = ["label", "allowed", "parent_id_tag", "expires_at"] as const;

interface RfidDialogProps {
  known?: Rfid;
  /** The tag of a card that was just tapped. */
  tag?: string | undefined;
  /** The holder of a new card. */
  label?: string | undefined;
  close: () => void;
}

/** Shows the dialog of a new or a known card. */
export function RfidDialog({ known, tag, label: holder, close }: RfidDialogProps) {
  const path = at("/ocpp/rfids/{rfid}/", { rfid: known?.rfid ?? "" });
  const unchanged = useUnchanged({ opened: known, load: () => get(path), fields: EDITED });
  const run = async ({ rfid = "", label, parent_id_tag, expires_at, ...checks }: Record<string, string>) => {
    const changes = {
      label,
      allowed: checks.allowed !== undefined,
      parent_id_tag: parent_id_tag || null,
      expires_at: isoOf(expires_at),
    };
    const patch = (fields: Record<string, unknown>) => call("PATCH", path, fields);
    const save = known
      ? () => unchanged().then(() => patch(changes))
      : () => call("POST", "/ocpp/rfids/", { rfid, ...changes });
    const undo = known &&
      (() => patch(Object.fromEntries(EDITED.map((field) => [field, known[field]]))));
    if (await attempt(save, shell("saved"), { undo })) close();
  };
  return (
    <Dialog
      title={known ? t("edit") : t("add")}
      close={close}
      submit={{ label: shell("save"), run: (fields) => void run(fields) }}
    >
      <Field label={t("rfid")}>
        <input
          name="rfid"
          class="mono"
          required
          maxlength={20}
          defaultValue={known?.rfid ?? tag ?? ""}
          disabled={known !== undefined}
          autocomplete="off"
          autofocus={!known && !tag}
        />
      </Field>
      <Field label={t("label")}>
        <input
          name="label"
          maxlength={100}
          defaultValue={known?.label ?? holder ?? ""}
          autofocus={known !== undefined || tag !== undefined}
        />
      </Field>
      <div class="form">
        <Field label={t("expires")} hint={shell("times_in", { zone: siteZone() })}>
          <input
            name="expires_at"
            type="datetime-local"
            defaultValue={known?.expires_at ? wallAt(Date.parse(known.expires_at)) : ""}
          />
        </Field>
        <Field label={t("group")} hint={t("group_hint")}>
          <input name="parent_id_tag" maxlength={20} defaultValue={known?.parent_id_tag ?? ""} />
        </Field>
      </div>
      <label class="check">
        <input type="checkbox" name="allowed" defaultChecked={known?.allowed ?? true} />{" "}
        <span>{t("allowed")}</span>
      </label>
    </Dialog>
  );
}
