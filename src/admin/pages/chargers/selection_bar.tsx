// The bar for the chargers that are selected in the list.
import { useState } from "preact/hooks";
import { Icon, type IconName } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import type { ChargerView } from "../../types.ts";
import { SELECTION } from "../../../i18n/admin/chargers.ts";
import { type Work, WorkDialog } from "./work_dialog.tsx";

const t = messages(SELECTION);

const ICONS = {
  reset: "reset",
  firmware: "upload",
  template: "check",
  limit: "flag",
} as const satisfies Record<
  Work,
  IconName
>;
const WORKS = Object.keys(ICONS) as Work[];

interface SelectionProps {
  chosen: readonly ChargerView[];
  /** The chargers that the list shows. */
  shown: readonly ChargerView[];
  set: (chosen: readonly ChargerView[]) => void;
}

/** Shows the bar; nothing while no charger is selected. */
export function SelectionBar({ chosen, shown, set }: SelectionProps) {
  const [work, setWork] = useState<Work | null>(null);
  const n = chosen.length;
  if (n === 0) return null;
  const ids = chosen.map(({ charger_id }) => charger_id).join(",");
  return (
    <div class="selection no-print" role="toolbar" aria-label={t("selected", { n })}>
      <b role="status">{t("selected", { n })}</b>
      <button
        type="button"
        class="btn small quiet icon-only"
        aria-label={t("clear")}
        onClick={() => set([])}
      >
        <Icon name="close" size={18} />
      </button>
      {n < shown.length && (
        <button type="button" class="btn small" onClick={() => set(shown)}>
          {t("select_all", { n: shown.length })}
        </button>
      )}
      <span class="grow"></span>
      {WORKS.map((name) => (
        <button key={name} type="button" class="btn small" onClick={() => setWork(name)}>
          <Icon name={ICONS[name]} size={16} /> {t(name)}
        </button>
      ))}
      <a class="btn small" href={`/admin/labels?chargers=${encodeURIComponent(ids)}`}>
        <Icon name="print" size={16} /> {t("labels")}
      </a>
      {work && <WorkDialog key={work} work={work} chargers={chosen} close={() => setWork(null)} />}
    </div>
  );
}
