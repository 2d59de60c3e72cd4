// The site's position: the centre of the map, set by a click or by numbers.
import { can } from "../../api.ts";
import { MapView } from "../../components/map_view.tsx";
import { PlaceFields } from "../../components/place_fields.tsx";
import { fieldsOf } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import type { SiteSettings } from "../../types.ts";
import { SETTINGS } from "../../../i18n/admin/settings.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";
import { saveSettings } from "./settings_form.tsx";

const t = messages(SETTINGS);
const shell = messages(SHELL);

/** The map and the form of the position. */
export function Place({ site }: { site: SiteSettings }) {
  const { latitude, longitude } = site;
  const pin = { id: "site", title: site.name, status: "Available", latitude, longitude };
  return (
    <div class="stack">
      <MapView
        small
        pins={[pin]}
        edit={can("admin") ? "site" : null}
        moved={(_id, latitude, longitude) => void saveSettings({ latitude, longitude })}
      />
      <p class="hint">{t("place_hint")}</p>
      <form
        class="form"
        key={`${latitude} ${longitude}`}
        onSubmit={(event) => {
          const filled = fieldsOf(event);
          const place = { latitude: numberOf(filled.latitude), longitude: numberOf(filled.longitude) };
          void saveSettings(place);
        }}
      >
        <PlaceFields labels={[t("latitude"), t("longitude")]} latitude={latitude} longitude={longitude} />
        <div class="wide">
          <button type="submit" class="btn primary">{shell("save")}</button>
        </div>
      </form>
    </div>
  );
}

function numberOf(text: string | undefined): number | null {
  return text?.trim() ? Number(text) : null;
}
