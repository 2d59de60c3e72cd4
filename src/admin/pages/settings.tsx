// The site's settings: a form generated from their schema, in its order and its groups.
import { can } from "../api.ts";
import { Card, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { hasMessage, messages } from "../i18n.ts";
import { settings } from "../live.ts";
import { loadApi, type Schema } from "../openapi.ts";
import { SETTINGS } from "../../i18n/admin/settings.ts";
import { MqttState } from "./settings/mqtt_state.tsx";
import { OwnMap } from "./settings/own_map.tsx";
import { Place } from "./settings/place.tsx";
import { type Fields, SettingsForm } from "./settings/settings_form.tsx";

const t = messages(SETTINGS);

/** The group of the settings that are rarely changed: it is folded. */
const FOLDED = "limits";

/** The page. */
export default function Settings() {
  const { value: groups, loading, error } = useLoad(loadGroups, []);
  const site = settings.value;
  return (
    <>
      <PageHead title={t("title")} />
      <LoadState loading={loading} error={error} />
      {groups && site && (
        <fieldset class="bare" disabled={!can("admin")}>
          <div class="pair">
            {[...groups].filter(([group]) => group !== FOLDED).map(([group, fields]) => (
              <Card key={group} title={titleOf(group)}>
                <div class="stack">
                  {group === "mqtt" && <MqttState />}
                  {group === "place" ? <Place site={site} /> : <SettingsForm fields={fields} site={site} />}
                  {group === "map" && <OwnMap site={site} />}
                </div>
              </Card>
            ))}
          </div>
          {groups.has(FOLDED) && (
            <details class="card">
              <summary>
                <b>{titleOf(FOLDED)}</b>
              </summary>
              <SettingsForm fields={groups.get(FOLDED)!} site={site} />
            </details>
          )}
        </fieldset>
      )}
    </>
  );
}

function titleOf(group: string): string {
  return hasMessage(SETTINGS, group) ? t(group) : group;
}

async function loadGroups(): Promise<Map<string, Fields>> {
  const { paths } = await loadApi();
  const schema: Schema = paths["/ocpp/settings/"]?.patch?.requestBody?.content["application/json"]?.schema ??
    {};
  return Map.groupBy(Object.entries(schema.properties ?? {}), ([, field]) => field["x-group"] ?? "others");
}
