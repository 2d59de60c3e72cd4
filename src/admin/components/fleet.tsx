// One action for several chargers: selected, confirmed once, run for a few at a time, with the result of each.
import { messages } from "../i18n.ts";
import { allChargers } from "../live.ts";
import type { ChargerView } from "../types.ts";
import { PICK } from "../../i18n/admin/pick.ts";
import type { Cell } from "./data_table.tsx";
import { type Outcome, OutcomeText, RestartNeeded, useOutcomes } from "./outcomes.tsx";
import { PickTable } from "./pick_table.tsx";

const t = messages(PICK);

interface FleetProps {
  label: string;
  ask: (n: number) => string;
  run: (charger_id: string) => Promise<Outcome>;
  /** A column about each charger: its head and its cell. */
  about: [head: string, cell: Cell<ChargerView>];
}

/** Shows the chargers, the button, the results, and the restart for those that need one. */
export function Fleet({ label, ask, run, about }: FleetProps) {
  const { outcomes, each } = useOutcomes();
  const all = allChargers();
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
          outcome: ({ charger_id }) => <OutcomeText outcome={outcomes.get(charger_id)} />,
        }}
        label={() => label}
        ask={ask}
        run={(ticked) => each(ticked, run)}
      />
      <RestartNeeded outcomes={outcomes} each={each} />
    </>
  );
}
