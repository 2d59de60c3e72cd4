// The dialog with a session's details, and the closing of a stuck one.
import { Word, wordOf } from "../../components/word.tsx";
import { useState } from "preact/hooks";
import { at, call, can } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Field } from "../../components/parts.tsx";
import { connectorName } from "../../components/status.tsx";
import { kwh, number, when } from "../../format.ts";
import { holderOf } from "../../holders.ts";
import { messages } from "../../i18n.ts";
import type { Session } from "../../types.ts";
import { SESSIONS } from "../../../i18n/admin/sessions.ts";

const t = messages(SESSIONS);

/** Shows a session's details. */
export function SessionDialog({ session, close }: { session: Session; close: () => void }) {
  const { transaction_id, state, flags } = session;
  const [closing, setClosing] = useState(false);
  const run = async ({ reason }: Record<string, string>) => {
    const path = at("/ocpp/transactions/{transaction_id}/close/", { transaction_id: String(transaction_id) });
    if (await attempt(() => call("POST", path, { reason }), t("closed", { id: transaction_id }))) close();
  };
  return (
    <Dialog
      title={t("details", { id: transaction_id })}
      close={close}
      {...(closing ? { submit: { label: t("close"), danger: true, run: (fields) => void run(fields) } } : {})}
    >
      <dl class="facts">
        {factsOf(session).map(([name, value]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {flags.length === 0 ? <p class="soft">{t("no_doubts")}</p> : (
        <ul>
          {flags.map((flag) => (
            <li key={flag}>
              <Word kind="flag" of={flag} />
            </li>
          ))}
        </ul>
      )}
      {closing && (
        <>
          <p class="answer tone-amber">{t("close_text")}</p>
          <Field label={t("reason")}>
            <input name="reason" required maxlength={200} autofocus />
          </Field>
        </>
      )}
      {state === "active" && !closing && can("operator") && (
        <div>
          <button type="button" class="btn" onClick={() => setClosing(true)}>{t("close")}</button>
        </div>
      )}
    </Dialog>
  );
}

function factsOf(session: Session): [keyof typeof SESSIONS, string][] {
  const meter = (wh: number | null) => wh === null ? "–" : `${number(wh)} Wh`;
  return [
    ["charger", `${session.charger_id} · ${connectorName(session.connector_id)}`],
    ["card", [...new Set([holderOf(session.id_tag), session.id_tag || "–"])].join(" · ")],
    ["start", when(session.start_time)],
    ["end", session.state === "active" ? t("running") : when(session.stop_time)],
    ["energy", kwh(session.energy_wh)],
    ["meter_start", meter(session.meter_start)],
    ["meter_stop", meter(session.meter_stop)],
    [
      "stop_reason",
      session.closed_by ? wordOf("flag", session.closed_by) : wordOf("reason", session.stop_reason ?? "–"),
    ],
    ["tag_status", wordOf("outcome", session.id_tag_status)],
    ["received", `${when(session.start_received)} / ${when(session.stop_received)}`],
  ];
}
