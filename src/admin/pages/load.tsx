// Load management: the tree of fuses with what they have, each car's limit and its reason, and the decisions.
import { useState } from "preact/hooks";
import { can, get, getAll } from "../api.ts";
import { Card, Empty, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { now } from "../live.ts";
import type { Circuit, LoadNow, WholeCharger } from "../types.ts";
import { LOAD } from "../../i18n/admin/load.ts";
import { CircuitCard } from "./load/circuit_card.tsx";
import { CircuitDialog } from "./load/circuit_dialog.tsx";
import { Decisions } from "./load/decisions.tsx";
import { Wizard } from "./load/wizard.tsx";

const t = messages(LOAD);

const POLL_MS = 2_000;

/** Shows the page. */
export default function Load() {
  const round = Math.floor(now.value / POLL_MS);
  const { value, loading, error, again } = useLoad(() => get("/ocpp/load/"), [round]);
  const placed = useLoad(() => getAll("/ocpp/chargers/"), []);
  const [open, setOpen] = useState<"wizard" | Circuit | null>(null);
  const close = () => {
    setOpen(null);
    again();
    placed.again();
  };
  const free = (placed.value ?? []).filter(({ circuit }) => circuit === null);
  return (
    <>
      <PageHead title={t("title")} text={t("text")}>
        {can("admin") && (
          <button type="button" class="btn primary" onClick={() => setOpen("wizard")}>
            <Icon name="plus" size={18} /> {t("add")}
          </button>
        )}
      </PageHead>
      <LoadState loading={loading && !value} error={error} />
      {value && <Tree load={value} free={free} edit={setOpen} again={again} />}
      <Decisions round={Math.floor(round / 5)} />
      {open === "wizard" && <Wizard circuits={value?.circuits ?? []} free={free} close={close} />}
      {open && open !== "wizard" && (
        <CircuitDialog circuit={open} circuits={value?.circuits ?? []} close={close} />
      )}
    </>
  );
}

interface TreeProps {
  load: LoadNow;
  /** Chargers that hang on no circuit. */
  free: WholeCharger[];
  edit: (circuit: Circuit) => void;
  again: () => void;
}

function Tree({ load, free, edit, again }: TreeProps) {
  const { circuits } = load;
  if (circuits.length === 0) {
    return (
      <Card>
        <Empty icon="bolt">{t("none")}</Empty>
      </Card>
    );
  }
  return (
    <>
      {free.length > 0 && (
        <p class="answer tone-amber">
          {t("unlimited", { chargers: free.slice(0, 12).map(({ charger_id }) => charger_id).join(", ") })}
        </p>
      )}
      {inTree(circuits).map((circuit) => (
        <CircuitCard key={circuit.name} circuit={circuit} load={load} edit={edit} again={again} />
      ))}
    </>
  );
}

/** Returns circuits such that each stands behind the one that feeds it. */
function inTree(circuits: Circuit[], parent: string | null = null): Circuit[] {
  const names = new Set(circuits.map(({ name }) => name));
  return circuits
    .filter((circuit) => (names.has(circuit.parent ?? "") ? circuit.parent : null) === parent)
    .flatMap((circuit) => [circuit, ...inTree(circuits, circuit.name)]);
}
