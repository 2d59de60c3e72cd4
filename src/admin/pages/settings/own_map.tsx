// The site's own street map, a file: upload it, see what there is, delete it.
import { useState } from "preact/hooks";
import { send } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Field } from "../../components/parts.tsx";
import { number, when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { settings } from "../../live.ts";
import type { SiteSettings } from "../../types.ts";
import { SETTINGS } from "../../../i18n/admin/settings.ts";

const t = messages(SETTINGS);

/** The part of the settings' map card. */
export function OwnMap({ site: { map } }: { site: SiteSettings }) {
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const change = async (method: string, said: string, file?: File) => {
    setBusy(true);
    setAsking(false);
    await attempt(async () => {
      const answer = await send(method, "/ocpp/map/", file, { "content-type": "application/octet-stream" });
      settings.value = { ...settings.value!, map: file ? await answer.json() : null };
    }, said);
    setBusy(false);
  };
  return (
    <div class="stack" data-testid="own-map">
      <Field label={t("own_map")} hint={t("own_map_hint")}>
        <input
          type="file"
          accept=".pmtiles"
          disabled={busy}
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file) void change("PUT", t("own_map_there"), file);
            currentTarget.value = "";
          }}
        />
      </Field>
      {busy && <div class="busy" role="progressbar" aria-label={t("own_map_busy")}></div>}
      {map && (
        <div class="row between">
          <div>
            <b>{map.name || "map.pmtiles"}</b>
            <div class="soft">{t("own_map_facts", factsOf(map))}</div>
          </div>
          <button type="button" class="btn small" disabled={busy} onClick={() => setAsking(true)}>
            {t("own_map_delete")}
          </button>
        </div>
      )}
      {asking && (
        <Dialog
          title={t("own_map_delete")}
          close={() => setAsking(false)}
          submit={{
            label: t("own_map_delete"),
            danger: true,
            run: () => void change("DELETE", t("own_map_gone")),
          }}
        >
          <p>{t("own_map_delete_text")}</p>
        </Dialog>
      )}
    </div>
  );
}

function factsOf({ size, min_zoom, max_zoom, uploaded_at }: NonNullable<SiteSettings["map"]>) {
  return { size: number(size / 1e6, 1), from: min_zoom, to: max_zoom, when: when(uploaded_at) };
}
