// A charger's answer to a command, or the error.
import { ApiError } from "../api.ts";
import { sendCommand, type TimedAnswer } from "../commands.ts";
import { number, shortTime } from "../format.ts";
import { messages } from "../i18n.ts";
import { COMMANDS } from "../../i18n/admin/commands.ts";
import { DataTable } from "./data_table.tsx";
import { wordOf } from "./word.tsx";

const t = messages(COMMANDS);

const GOOD = ["Accepted", "Unlocked", "Scheduled", "RebootRequired"];
/** The object to delete does not exist, which is the wanted result. */
const GONE = ["Unknown", "NotFound"];

/** True for an answer by which the charger does, or will do, what was asked. */
export function isGood(answer: TimedAnswer | Error): boolean {
  return !(answer instanceof Error) && (answer.status === undefined || GOOD.includes(answer.status));
}

/** Sends a command that must be accepted. Throws Error with the charger's refusal. */
export async function sendAccepted(charger_id: string, action: string, payload: Record<string, unknown>) {
  const answer = await sendCommand(charger_id, action, payload);
  if (answer.status && ![...GOOD, ...GONE].includes(answer.status)) {
    throw new Error(t("refused", { status: wordOf("outcome", answer.status) }));
  }
  return answer;
}

/** Shows an answer; its colour and its first word tell success from refusal. */
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
  const good = isGood(answer);
  const { status: _status, chargingSchedule: schedule, scheduleStart, ...more } = answer.response;
  return (
    <div class={`answer tone-${good ? "green" : "amber"}`} role="status" data-testid="answer">
      {t("said")}: <b>{answer.status ? wordOf("outcome", answer.status) : t("done")}</b>{" "}
      <span class="soft small">{t("took", { ms: answer.ms })}</span>
      {answer.warnings && <div class="small">{t("odd")}: {answer.warnings.join("; ")}</div>}
      {schedule !== undefined && (
        <ScheduleTable schedule={schedule as Schedule} from={scheduleStart as string} />
      )}
      {Object.keys(more).length > 0 && <pre>{JSON.stringify(more, null, 2)}</pre>}
    </div>
  );
}

interface Schedule {
  startSchedule?: string;
  chargingRateUnit: string;
  chargingSchedulePeriod: { startPeriod: number; limit: number }[];
}

/** Shows the periods of a composite schedule; they count from scheduleStart (errata 3.57). */
function ScheduleTable({ schedule, from }: { schedule: Schedule; from: string | undefined }) {
  const start = Date.parse(from ?? schedule.startSchedule ?? new Date().toISOString());
  return (
    <DataTable
      t={t}
      rows={schedule.chargingSchedulePeriod}
      keyOf={({ startPeriod }) => startPeriod}
      columns={{
        begins: ({ startPeriod }) => shortTime(new Date(start + startPeriod * 1000).toISOString()),
        holds: ({ limit }) => <b>{number(limit, limit % 1 ? 1 : 0)} {schedule.chargingRateUnit}</b>,
      }}
    />
  );
}
