// The state of a commissioning and its counts.
import type { Tone } from "../../components/status.tsx";
import { messages } from "../../i18n.ts";
import type { CommissioningView } from "../../types.ts";
import { COMMISSIONING } from "../../../i18n/admin/commissioning.ts";

const t = messages(COMMISSIONING);

/** Returns the counts of passed, failed and skipped steps as text. */
export function countsOf({ passed, observed, failed, skipped }: CommissioningView): string {
  return t("counts", { pass: passed, observation: observed, fail: failed, skip: skipped });
}

/** The state of a commissioning as a chip. */
export function StateChip({ one: { state, failed, observed } }: { one: CommissioningView }) {
  const tone: Tone = state === "running"
    ? "blue"
    : state === "broken_off"
    ? "amber"
    : failed
    ? "red"
    : observed
    ? "amber"
    : "green";
  const key = state === "done" ? (failed ? "fail" : observed ? "observation" : "pass") : state;
  return <span class={`chip tone-${tone}`}>{t(key)}</span>;
}
