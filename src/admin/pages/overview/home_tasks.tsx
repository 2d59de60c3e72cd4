// Tasks for somebody on Home: the first steps of a new site, and the chargers' diagnoses with the buttons that help.
import { useEffect, useState } from "preact/hooks";
import type { AnswerAt } from "../../../http/client_types.ts";
import { type Alarm, alarms, site_known } from "../../alarms.ts";
import { at, can, get } from "../../api.ts";
import { Adoption } from "../../components/adopt_dialog.tsx";
import { Reason } from "../../components/diagnosis.tsx";
import { Card, useLoad } from "../../components/parts.tsx";
import { wordOf } from "../../components/word.tsx";
import { ago } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { messages, recall, remember } from "../../i18n.ts";
import { allChargers, chargers, generation } from "../../live.ts";
import { counted } from "../../simulated.ts";
import type { ChargerView } from "../../types.ts";
import { OVERVIEW } from "../../../i18n/admin/overview.ts";
import { LABELS_PRINTED } from "../labels.tsx";

const t = messages(OVERVIEW);

const SHOWN = 4;

/** The alarms that a charger's diagnosis tells better. */
const DIAGNOSED: ReadonlySet<string> = new Set(["faulted", "silent", "pending"]);

/** The diagnoses of chargers that need somebody, null until they are there. */
export interface HomeTasksProps {
  needs: AnswerAt<"GET", "/ocpp/diagnosis/">["chargers"] | null;
  /** Called once all tasks are shown. */
  told: () => void;
}

/** Shows the diagnoses, the other alarms, and the first steps that are open; all of them at once. */
export function HomeTasks({ needs, told }: HomeTasksProps) {
  const others = alarms.value.filter(({ kind }) => !DIAGNOSED.has(kind));
  const { found: steps, loading } = useSteps();
  const ready = needs !== null && site_known.value && generation.value > 0 && !loading;
  useEffect(() => {
    if (ready) told();
  }, [ready]);
  if (!ready) return null;
  const found = needs.flatMap(needOf);
  return (
    <>
      {found.length + others.length > 0
        ? <NeedsCard found={found} others={others} />
        : (
          <p class="answer tone-green row" data-testid="calm">
            <Icon name="check" /> {t("all_well")}
          </p>
        )}
      {steps.length > 0 && <Steps steps={steps} />}
      <Adoption />
    </>
  );
}

interface Need {
  charger: ChargerView;
  diagnosis: Parameters<typeof Reason>[0]["diagnosis"][];
}

function needOf({ charger_id, diagnosis }: NonNullable<HomeTasksProps["needs"]>[number]): Need[] {
  const charger = chargers.get(charger_id)?.value;
  const shown = charger && (charger.registration === "Pending" || counted([charger]).length > 0);
  return shown ? [{ charger, diagnosis }] : [];
}

function NeedsCard({ found, others }: { found: Need[]; others: Alarm[] }) {
  const more = found.length > SHOWN && (
    <a class="btn small" href="/admin/chargers?show=wrong">{t("all_reasons", { n: found.length })}</a>
  );
  return (
    <Card title={t("attention")} side={more}>
      <div class="needs" role="list" data-testid="needs">
        {found.slice(0, SHOWN).flatMap(({ charger, diagnosis }) =>
          diagnosis.map((one) => (
            <Reason
              key={`${charger.charger_id} ${one.connector_id} ${one.code}`}
              diagnosis={one}
              charger={charger}
              named
            />
          ))
        )}
      </div>
      <ul class="attention inside">
        {others.slice(0, SHOWN).map((alarm) => <AlarmLine key={alarm.kind + alarm.name} alarm={alarm} />)}
      </ul>
    </Card>
  );
}

function AlarmLine({ alarm: { kind, tone, icon, name, detail, flags = [], since, href } }: { alarm: Alarm }) {
  return (
    <li>
      <a href={href} class={`tone-${tone}`}>
        <Icon name={icon} size={22} />
        <span>
          <b>{name}</b>
          <span class="small soft">
            {[t(kind), detail, ...flags.map((flag) => wordOf("flag", flag))].filter(Boolean).join(" · ")}
          </span>
        </span>
        <span class="small soft when">{ago(since)}</span>
      </a>
    </li>
  );
}

const HIDDEN = "first_steps_hidden";

type Step = [key: keyof typeof OVERVIEW & string, href: string, done: boolean];

/** Loads the steps of a new site, each done by what the gateway has; none once all are, or when this browser hides them. */
function useSteps(): { found: Step[]; loading: boolean } {
  const { value, loading } = useLoad(
    async () => can("admin") && recall(HIDDEN) === null ? await loadEvidence() : null,
    [generation.value],
  );
  const all = allChargers();
  const steps: Step[] = value
    ? [
      ["step_connect", "/admin/waiting", all.some(({ last_seen }) => last_seen !== null)],
      ["step_place", "/admin/chargers?view=map", all.some(isPlaced)],
      ["step_card", "/admin/rfids", value.cards],
      ["step_test", "/admin/commissioning", value.tested],
      ["step_labels", "/admin/labels", value.labels],
      ["step_backup", "/admin/system", value.saved],
    ]
    : [];
  return { found: steps.every(([, , done]) => done) ? [] : steps, loading: loading && value === undefined };
}

function Steps({ steps }: { steps: Step[] }) {
  const [hidden, setHidden] = useState(recall(HIDDEN) !== null);
  if (hidden) return null;
  const hide = () => {
    remember(HIDDEN, "1");
    setHidden(true);
  };
  return (
    <Card
      title={t("steps")}
      side={<button type="button" class="btn small" onClick={hide}>{t("steps_hide")}</button>}
      flush
    >
      <ul class="attention steps" data-testid="steps">
        {steps.map(([key, href, done]) => (
          <li key={key}>
            <a href={href} class={done ? "tone-green" : "tone-grey"}>
              <Icon name={done ? "check" : "right"} />
              <span>{t(key)}</span>
              {done && <span class="small soft when">{t("step_done")}</span>}
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function isPlaced({ charger_id, name, latitude, plan_x }: ChargerView): boolean {
  return name !== charger_id && (latitude !== null || plan_x !== null);
}

interface Evidence {
  cards: boolean;
  tested: boolean;
  labels: boolean;
  saved: boolean;
}

/** Loads the evidence that the live state does not have. A gateway whose database is no file needs no backup. */
async function loadEvidence(): Promise<Evidence> {
  const [{ rfids }, { commissionings }, { backups }] = await Promise.all([
    get(at("/ocpp/rfids/", {}, { limit: 1 })),
    get(at("/ocpp/commissioning/", {}, { limit: 1 })),
    get("/ocpp/backups/").catch(() => ({ backups: [null] })),
  ]);
  return {
    cards: rfids.length > 0,
    tested: commissionings.length > 0,
    labels: recall(LABELS_PRINTED) !== null,
    saved: backups.length > 0,
  };
}
