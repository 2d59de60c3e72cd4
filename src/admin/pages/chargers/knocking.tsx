// The chargers that wait to be adopted: those that are answered "Pending", and those whose connection was refused.
import { recent_refusals } from "../../alarms.ts";
import { can } from "../../api.ts";
import { AdoptButton, Adoption } from "../../components/adopt_dialog.tsx";
import { Card } from "../../components/parts.tsx";
import { ago } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { allChargers } from "../../live.ts";
import type { ConnectionAttempt } from "../../types.ts";
import { ADOPT } from "../../../i18n/admin/adopt.ts";
import { Pending } from "../waiting.tsx";

const t = messages(ADOPT);

/** Shows them, with the way to all connection attempts; nothing where nobody waits. */
export function Knocking() {
  const pending = allChargers().filter(({ registration }) => registration === "Pending");
  const refused = recent_refusals.value;
  return (
    <>
      {pending.length + refused.length > 0 && (
        <Card
          title={t("waiting")}
          side={can("operator") && <a class="btn small" href="/admin/waiting">{t("attempts")}</a>}
          flush
        >
          <ul class="attention" data-testid="knocking">
            {pending.map((charger) => <Pending key={charger.charger_id} charger={charger} />)}
            {refused.map((attempt) => <Refused key={attempt.knock_id} attempt={attempt} />)}
          </ul>
        </Card>
      )}
      <Adoption />
    </>
  );
}

/** An attempt of a charger that is not known can be adopted; that of a known one has another cause, which is shown. */
function Refused({ attempt }: { attempt: ConnectionAttempt }) {
  const { knock_id, charger_id, path, address, reason, last_at, registration } = attempt;
  return (
    <li class="row between pending-line">
      <span class="grow">
        <b>{charger_id ?? path}</b>
        <span class="small soft">{[reason, address, ago(last_at)].join(" · ")}</span>
      </span>
      {can("admin") && charger_id !== null && registration !== "Accepted" && (
        <AdoptButton charger_id={charger_id} knock_id={knock_id} />
      )}
    </li>
  );
}
