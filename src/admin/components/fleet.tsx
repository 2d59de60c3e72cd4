// One action for several chargers: selected, confirmed once, run for a few at a time, with the result of each.
import { useState } from "preact/hooks";
import { messages } from "../i18n.ts";
import { allChargers } from "../live.ts";
import type { ChargerView } from "../types.ts";
import { PICK } from "../../i18n/admin/pick.ts";
import { sendAccepted } from "./answer.tsx";
import type { Cell } from "./data_table.tsx";
import { ActionButton } from "./action_button.tsx";
import { SOFT } from "./command_button.tsx";
import { PickTable } from "./pick_table.tsx";

const t = messages(PICK);

/** The result at a charger. */
export interface Outcome {
  text: string;
  bad?: boolean;
  /** The change takes effect after a restart. */
  reboot?: boolean;
}

interface FleetProps {
  label: string;
  ask: (n: number) => string;
  run: (charger_id: string) => Promise<Outcome>;
  /** A column about each charger: its head and its cell. */
  about: [head: string, cell: Cell<ChargerView>];
}

const AT_ONCE = 4;

/** Shows the chargers, the button, the results, and the restart for those that need one. */
export function Fleet({ label, ask, run, about }: FleetProps) {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const each = async (all: ChargerView[], work: FleetProps["run"]) => {
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
  const all = allChargers();
  const waiting = all.filter(({ charger_id }) => outcomes.get(charger_id)?.reboot);
  const n = waiting.length;
  return (
    <>
      <PickTable
        rows={all}
        keyOf={({ charger_id }) => charger_id}
        head={t("charger")}
        name={({ name, charger_id }) => name || charger_id}
        hinder={({ connected }) => connected ? undefined : t("away")}
        columns={{
          [about[0]]: about[1],
          outcome: ({ charger_id }) => {
            const { bad, text } = outcomes.get(charger_id) ?? { text: "" };
            return <span role="status" class={bad ? "tone-red word" : ""}>{text}</span>;
          },
        }}
        label={() => label}
        ask={ask}
        run={(ticked) => each(ticked, run)}
      />
      {n > 0 && (
        <div class="answer tone-amber">
          <p>
            {t("need_restart", {
              names: waiting.map(({ name, charger_id }) => name || charger_id).join(", "),
            })}
          </p>
          <ActionButton
            label={t("restart", { n })}
            ask={t("restart_ask", { n })}
            run={() =>
              each(waiting, (id) =>
                sendAccepted(id, "reset", SOFT[0]!).then(() => ({ text: t("restarting") })))}
          />
        </div>
      )}
    </>
  );
}
