// CSV import with a preview.
import { useState } from "preact/hooks";
import { send } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Field } from "../../components/parts.tsx";
import { toast } from "../../components/toast.tsx";
import { messages } from "../../i18n.ts";
import type { Rfid } from "../../types.ts";
import { RFIDS } from "../../../i18n/admin/rfids.ts";
import { type ImportPreview, previewOf } from "./preview.ts";

const t = messages(RFIDS);

/** Shows the import dialog. */
export function ImportDialog({ known, close }: { known: Rfid[]; close: () => void }) {
  const [text, setText] = useState("");
  const preview = text === "" ? null : previewOf(text, known);
  const choose = async (files: FileList | null) => setText(await files?.[0]?.text() ?? "");
  const run = () =>
    attempt(async () => {
      const answer = await send("POST", "/ocpp/rfids/", text, { "content-type": "text/csv" });
      const { created, changed } = await answer.json() as { created: number; changed: number };
      toast(t("import_done", { created, changed }));
      close();
    });
  return (
    <Dialog
      title={t("import")}
      close={close}
      submit={{ label: t("import"), run: () => void run(), busy: !preview?.rows.length }}
    >
      <p class="soft">{t("import_text")}</p>
      <Field label={t("import_file")}>
        <input
          type="file"
          accept=".csv,text/csv"
          onChange={(event) => void choose(event.currentTarget.files)}
        />
      </Field>
      {preview && !preview.valid && <p class="answer tone-red" role="alert">{t("import_bad")}</p>}
      {preview?.valid && <Preview preview={preview} />}
    </Dialog>
  );
}

const TONES = { created: "green", changed: "amber", same: "grey" } as const;

function Preview({ preview: { rows } }: { preview: ImportPreview }) {
  const count = (kind: string) => rows.filter((row) => row.kind === kind).length;
  return (
    <>
      <h3>{t("import_preview")}</h3>
      <div class="row">
        <span class="chip tone-green">{t("import_new", { n: count("created") })}</span>
        <span class="chip tone-amber">{t("import_changed", { n: count("changed") })}</span>
        <span class="chip tone-grey">{t("import_same", { n: count("same") })}</span>
      </div>
      <div class="table-wrap" tabIndex={0}>
        <table>
          <tbody>
            {rows.filter(({ kind }) => kind !== "same").slice(0, 50).map(({ rfid, kind, changes }) => (
              <tr key={rfid}>
                <td>
                  <span class={`chip tone-${TONES[kind]}`}>
                    <code>{rfid}</code>
                  </span>
                </td>
                <td class="small">{changes.join(", ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
