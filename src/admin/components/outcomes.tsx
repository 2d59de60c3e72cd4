// Work at several chargers, a few at a time, with the result of each.
import { useState } from "preact/hooks";
import { messages } from "../i18n.ts";
import { chargers } from "../live.ts";
import type { ChargerView } from "../types.ts";
import { PICK } from "../../i18n/admin/pick.ts";
import { ActionButton } from "./action_button.tsx";
import { sendAccepted } from "./answer.tsx";
import { SOFT } from "./command_button.tsx";

const t = messages(PICK);

/** The result at a charger. */
export interface Outcome {
  text: string;
  bad?: boolean;
  /** The change takes effect after a restart. */
  reboot?: boolean;
}

/** Results by charger. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** Runs work at each of some chargers; where it throws, the error is the result. */
export type Each = (
  all: readonly ChargerView[],
  work: (charger_id: string) => Promise<Outcome>,
) => Promise<void>;

const AT_ONCE = 4;

/** Returns the results so far, and what runs work at chargers. */
export function useOutcomes(): { outcomes: Outcomes; each: Each } {
  const [outcomes, setOutcomes] = useState<Outcomes>(new Map());
  const each: Each = async (all, work) => {
    const queue = all.map(({ charger_id }) => charger_id);
    const tell = (id: string, outcome: Outcome) => setOutcomes((before) => new Map(before).set(id, outcome));
    const next = async () => {
      for (let id; (id = queue.shift());) {
        tell(id, { text: t("busy") });
        tell(id, await work(id).catch((error) => ({ text: error.message, bad: true })));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  };
  return { outcomes, each };
}

/** A result in words. */
export function OutcomeText({ outcome }: { outcome: Outcome | undefined }) {
  return <span role="status" class={outcome?.bad ? "tone-red word" : ""}>{outcome?.text}</span>;
}

/** The chargers that must restart before a change holds, with the button for it. */
export function RestartNeeded({ outcomes, each }: { outcomes: Outcomes; each: Each }) {
  const waiting = [...outcomes].flatMap(([id, { reboot }]) => reboot ? chargers.get(id)?.value ?? [] : []);
  const n = waiting.length;
  if (n === 0) return null;
  const restart = (id: string) => sendAccepted(id, "reset", SOFT[0]!).then(() => ({ text: t("restarting") }));
  return (
    <div class="answer tone-amber">
      <p>
        {t("need_restart", { names: waiting.map(({ name, charger_id }) => name || charger_id).join(", ") })}
      </p>
      <ActionButton
        label={t("restart", { n })}
        ask={t("restart_ask", { n })}
        run={() => each(waiting, restart)}
      />
    </div>
  );
}
