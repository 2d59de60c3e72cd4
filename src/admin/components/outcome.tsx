// The answer of the other side to a test of a channel or webhook.
import { messages } from "../i18n.ts";
import type { TestOutcome } from "../types.ts";
import { CHANNELS_PAGE } from "../../i18n/admin/outputs.ts";

const t = messages(CHANNELS_PAGE);

/** Shows it, with the name of the receiver. */
export function Outcome({ name, outcome: { ok, status, error } }: { name: string; outcome: TestOutcome }) {
  return (
    <p class={`answer tone-${ok ? "green" : "red"}`} role="status" data-testid="outcome">
      <b>{name}</b>: {ok ? t("test_ok") : t("test_failed", { error: error ?? "–" })}
      {ok && status !== null && <span class="soft">. {t("test_status", { status })}</span>}
    </p>
  );
}
