// The set-up at the first start: password, language, name and position of the site, or a backup of another machine.
import { useState } from "preact/hooks";
import { get } from "../api.ts";
import { Segmented } from "../components/inputs.tsx";
import { MapView } from "../components/map_view.tsx";
import { ZoneInput } from "../components/zone_input.tsx";
import { Field, fieldsOf, useLoad } from "../components/parts.tsx";
import { useRestore } from "../components/restore.tsx";
import type { Language } from "../../i18n/messages.ts";
import { chooseLanguage, language, messages } from "../i18n.ts";
import { setUp } from "../login.ts";
import { browserZone } from "../zone.ts";
import { SET_UP } from "../../i18n/admin/set_up.ts";
import { guessZone, loadZonePlaces } from "./set_up/guess_zone.ts";

const t = messages(SET_UP);

/** Shows the set-up. */
export default function SetUp() {
  const [place, setPlace] = useState<{ latitude: number; longitude: number } | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const { value: asked } = useLoad(() => get("/ocpp/setup/"), []);
  const least = asked?.min_password ?? 8;
  const [mode, setMode] = useState<"anew" | "restore">("anew");
  const { restore, field } = useRestore("/ocpp/setup/restore/");
  const { value: zone_places = "" } = useLoad(loadZonePlaces, []);
  const guess = guessZone(browserZone(), place, zone_places);
  const run = async ({ code = "", password, again, name, time_zone }: Record<string, string>) => {
    if (password !== again) return setProblem(t("differ"));
    setBusy(true);
    setProblem("");
    try {
      if (mode === "restore") await restore({ "x-setup-code": encodeURIComponent(code) });
      else await setUp({ code, password, name, time_zone, language: language.value, ...place });
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
    }
  };
  const pin = {
    id: "site",
    title: "",
    status: "Available",
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
  };
  return (
    <main class="login">
      <form class="set-up" onSubmit={(event) => void run(fieldsOf(event))}>
        <img src="/static/icon.svg" alt="" />
        <div>
          <h1>{t("title")}</h1>
          <p class="soft">{t("text")}</p>
        </div>
        <Field label={t("language")}>
          <select onChange={(event) => void chooseLanguage(event.currentTarget.value as Language)}>
            <option value="es" selected={language.value === "es"}>Español</option>
            <option value="en" selected={language.value === "en"}>English</option>
          </select>
        </Field>
        <Segmented value={mode} set={setMode} options={[["anew", t("anew")], ["restore", t("restore")]]} />
        <Field label={t("code")} hint={t("code_hint")}>
          <input name="code" class="mono" required autocomplete="off" autofocus />
        </Field>
        {mode === "restore"
          ? (
            <>
              <p class="soft">{t("restore_text")}</p>
              {field}
            </>
          )
          : (
            <>
              <div class="form">
                <Field label={t("password")} hint={t("password_hint", { n: least })}>
                  <input
                    name="password"
                    type="password"
                    required
                    minlength={least}
                    autocomplete="new-password"
                  />
                </Field>
                <Field label={t("again")}>
                  <input name="again" type="password" required autocomplete="new-password" />
                </Field>
              </div>
              <Field label={t("name")}>
                <input name="name" maxlength={100} />
              </Field>
              <div class="field">
                <span>{t("place")}</span>
                <MapView
                  small
                  pins={[pin]}
                  edit="site"
                  moved={(_id, latitude, longitude) => setPlace({ latitude, longitude })}
                />
                <small>{t("place_hint")}</small>
              </div>
              <Field label={t("time_zone")} hint={t("time_zone_hint")}>
                <ZoneInput key={guess} name="time_zone" value={guess} />
              </Field>
            </>
          )}
        {problem && <p class="answer tone-red" role="alert">{problem}</p>}
        <button type="submit" class="btn primary" disabled={busy}>
          {mode === "restore" ? t("restore_done") : t("done")}
        </button>
      </form>
    </main>
  );
}
