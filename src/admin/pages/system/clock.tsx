// The card of the gateway's clock, which can be set from this browser's.
import { call, can } from "../../api.ts";
import { attempt } from "../../components/inputs.tsx";
import { Card } from "../../components/parts.tsx";
import { number, when } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import type { ClockState } from "../../types.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";
import { SYSTEM } from "../../../i18n/admin/system.ts";

const t = messages(SYSTEM);
const shell = messages(SHELL);

/** Shows the clock. */
export function Clock({ clock: { now, source, trusted, reason } }: { clock: ClockState }) {
  const set = () =>
    attempt(() => call("POST", "/ocpp/clock/", { now: new Date().toISOString() }), shell("saved"));
  const seconds = Math.round((Date.parse(now) - Date.now()) / 1000) + 0; // never -0
  return (
    <Card title={t("clock")}>
      <div class="stack">
        <p class={`answer tone-${trusted && reason === null ? "green" : "amber"}`}>
          {reason ?? t(trusted ? "trusted" : "not_trusted")}
        </p>
        <dl class="facts">
          <div>
            <dt>{t("now")}</dt>
            <dd>{when(now)}</dd>
          </div>
          <div>
            <dt>{t("source")}</dt>
            <dd>{source}</dd>
          </div>
          <div>
            <dt>{t("difference")}</dt>
            <dd>{`${number(seconds)} s`}</dd>
          </div>
        </dl>
        {can("admin") && (
          <div>
            <button type="button" class="btn" onClick={() => void set()}>
              <Icon name="waiting" size={18} /> {t("use_browser")}
            </button>
          </div>
        )}
      </div>
    </Card>
  );
}
