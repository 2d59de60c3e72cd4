// The connection to the MQTT broker, beside its settings.
import { get } from "../../api.ts";
import { useLoad } from "../../components/parts.tsx";
import { shortTime, when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { now } from "../../live.ts";
import type { MqttState as State } from "../../types.ts";
import { SETTINGS } from "../../../i18n/admin/settings.ts";

const t = messages(SETTINGS);

const POLL_MS = 3_000;
const TONES: Record<State["state"], string> = { off: "grey", connecting: "amber", connected: "green" };

/** Shows the state, and the reason of the last failure. */
export function MqttState() {
  const { value } = useLoad(() => get("/ocpp/mqtt/"), [Math.floor(now.value / POLL_MS)]);
  if (!value) return null;
  const { state, connected_since, last_error, client_certificate: certificate } = value;
  return (
    <div class="stack tight" role="status" data-testid="mqtt">
      <div>
        <span class={`chip tone-${TONES[state]}`}>
          {t(`mqtt_${state}`, { at: connected_since ? shortTime(connected_since) : "" })}
        </span>
      </div>
      {certificate && (
        <p class="hint">
          {t("mqtt_certificate", { subject: certificate.subject, date: when(certificate.not_after) })}
        </p>
      )}
      {last_error && <p class="answer tone-red">{t("mqtt_error", { error: last_error })}</p>}
    </div>
  );
}
