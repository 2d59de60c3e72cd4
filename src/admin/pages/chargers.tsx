// The chargers as a list, on the map or on the site's plan, with one search and one filter.
import { useState } from "preact/hooks";
import { can } from "../api.ts";
import { Search, Segmented } from "../components/inputs.tsx";
import { PageHead } from "../components/parts.tsx";
import { SimulatedSwitch } from "../components/simulated_switch.tsx";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { allChargers } from "../live.ts";
import { counted } from "../simulated.ts";
import { CHARGERS } from "../../i18n/admin/chargers.ts";
import { AddDialog } from "./chargers/add_dialog.tsx";
import { addressOf, type Choice, FILTERS, useChoice, VIEWS } from "./chargers/choice.ts";
import { Knocking } from "./chargers/knocking.tsx";
import { Selectable } from "./chargers/table.tsx";
import { GroundView } from "./map/ground.tsx";

const t = messages(CHARGERS);

/** Shows the chargers. */
export default function Chargers() {
  const [choice, choose] = useChoice();
  const [adding, setAdding] = useState(false);
  return (
    <>
      <PageHead title={t("title")} text={<Count />}>
        {can("admin") && (
          <button type="button" class="btn primary" onClick={() => setAdding(true)}>
            <Icon name="plus" size={18} /> {t("add")}
          </button>
        )}
      </PageHead>
      <Knocking />
      <div class="row no-print">
        <Views choice={choice} />
        <Search value={choice.q} set={(q) => choose({ q })} />
        <Segmented
          value={choice.show}
          set={(show) => choose({ show })}
          options={FILTERS.map((one) => [one, t(one)] as const)}
        />
        <SimulatedSwitch />
      </div>
      {choice.view === "list"
        ? <Selectable choice={choice} />
        : <GroundView key={choice.view} ground={choice.view} choice={choice} />}
      {adding && <AddDialog close={() => setAdding(false)} />}
    </>
  );
}

/** The views as links: each has an address of its own. */
function Views({ choice }: { choice: Choice }) {
  return (
    <nav class="seg" aria-label={t("view")}>
      {VIEWS.map((view) => (
        <a
          key={view}
          href={addressOf({ ...choice, view })}
          {...(view === choice.view ? { "aria-current": "page" } : {})}
        >
          {t(view)}
        </a>
      ))}
    </nav>
  );
}

function Count() {
  const all = counted(allChargers());
  return <>{t("count", { n: all.filter(({ connected }) => connected).length, all: all.length })}</>;
}
