// What a charger answered, or why it did not.
import { ApiError } from "../api.ts";
import type { TimedAnswer } from "../commands.ts";
import { words } from "../i18n.ts";
import { COMMANDS } from "../words/commands.ts";

const t = words(COMMANDS);

const GOOD = ["Accepted", "Unlocked", "Scheduled", "RebootRequired"];

/** An answer in a frame whose colour and word say how it went. */
export function Answer({ answer }: { answer: TimedAnswer | Error }) {
  if (answer instanceof Error) {
    const details = answer instanceof ApiError && Object.keys(answer.body).length > 0 ? answer.body : null;
    return (
      <div class="answer tone-red" role="alert" data-testid="answer">
        <b>{answer.message}</b>
        {details && <pre>{JSON.stringify(details, null, 2)}</pre>}
      </div>
    );
  }
  const good = answer.status === undefined || GOOD.includes(answer.status);
  const { status: _status, ...more } = answer.response;
  return (
    <div class={`answer tone-${good ? "green" : "amber"}`} role="status" data-testid="answer">
      {t("said")}: <b>{answer.status ?? answer.action}</b>{" "}
      <span class="soft small">{t("took", { ms: answer.ms })}</span>
      {Object.keys(more).length > 0 && <pre>{JSON.stringify(more, null, 2)}</pre>}
    </div>
  );
}
