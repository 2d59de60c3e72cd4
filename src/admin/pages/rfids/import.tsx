// CSV import with a preview, which the gateway makes.
import { useState } from "preact/hooks";
import type { Static } from "typebox";
import type { ImportResult } from "../../../http/api/rfid_import_schema.ts";
import { send } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Field } from "../../components/parts.tsx";
import { toast } from "../../components/toast.tsx";
import { messages } from "../../i18n.ts";
import { CSV_REMARKS, RFIDS } from "../../../i18n/admin/rfids.ts";

const t = messages(RFIDS);
const r = messages(CSV_REMARKS);

type Result = Static<typeof ImportResult>;

const ROWS_SHOWN = 50;
const REMARKS_SHOWN = 20;

/** Shows the import dialog. */
export function ImportDialog({ close }: { close: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [preview, setPreview] = useState<Result | null>(null);
  const choose = (files: FileList | null) =>
    attempt(async () => {
      const chosen = files?.[0] ?? null;
      setPreview(null);
      setFile(chosen);
      if (chosen) setPreview(await upload(chosen, "/ocpp/rfids/?preview=true"));
    });
  const run = () =>
    attempt(async () => {
      const { created, changed } = await upload(file!, "/ocpp/rfids/");
      toast(t("import_done", { created, changed }));
      close();
    });
  const changes = preview ? preview.created + preview.changed : 0;
  const wrong = preview?.remarks.some(({ severity }) => severity === "error") ?? false;
  return (
    <Dialog
      title={t("import")}
      close={close}
      submit={{ label: t("import"), run: () => void run(), busy: changes === 0 || wrong }}
    >
      <p class="soft">{t("import_text")}</p>
      <Field label={t("import_file")}>
        <input
          type="file"
          accept=".csv,.txt,text/csv"
          onChange={(event) => void choose(event.currentTarget.files)}
        />
      </Field>
      {preview && <Remarks remarks={preview.remarks} wrong={wrong} />}
      {preview && !wrong && <Preview preview={preview} />}
    </Dialog>
  );
}

async function upload(file: File, path: string): Promise<Result> {
  return await (await send("POST", path, file, { "content-type": "text/csv" })).json();
}

function Remarks({ remarks, wrong }: { remarks: Result["remarks"]; wrong: boolean }) {
  if (remarks.length === 0) return null;
  const shown = wrong ? remarks.filter(({ severity }) => severity === "error") : remarks;
  return (
    <div class={`answer ${wrong ? "tone-red" : "tone-amber"}`} role="alert">
      {wrong && <p>{t("import_errors")}</p>}
      <ul>
        {shown.slice(0, REMARKS_SHOWN).map(({ line, code, values }) => (
          <li key={`${line} ${code}`}>{t("import_line", { line, text: r(code, values) })}</li>
        ))}
      </ul>
    </div>
  );
}

const TONES = { created: "green", changed: "amber", unchanged: "grey" } as const;

function Preview({ preview: { created, changed, unchanged, rows = [] } }: { preview: Result }) {
  return (
    <>
      <h3>{t("import_preview")}</h3>
      <div class="row">
        <span class="chip tone-green">{t("import_new", { n: created })}</span>
        <span class="chip tone-amber">{t("import_changed", { n: changed })}</span>
        <span class="chip tone-grey">{t("import_same", { n: unchanged })}</span>
      </div>
      {created + changed === 0 && <p class="soft">{t("import_none")}</p>}
      <div class="table-wrap" tabIndex={0}>
        <table>
          <tbody>
            {rows.filter(({ kind }) => kind !== "unchanged").slice(0, ROWS_SHOWN).map((
              { line, rfid, kind, changes },
            ) => (
              <tr key={line}>
                <td>
                  <span class={`chip tone-${TONES[kind]}`}>
                    <code>{rfid}</code>
                  </span>
                </td>
                <td class="small">{changesText(changes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function changesText(changes: Record<string, unknown>): string {
  return Object.entries(changes).map(([name, value]) => `${name}: ${value ?? "–"}`).join(", ");
}
