// Tasks for somebody on Home: the first steps of a new site, and the chargers' diagnoses with the buttons that help.
import { useState } from "preact/hooks";
import { type Alarm, alarms } from "../../alarms.ts";
import { at, can, get } from "../../api.ts";
import { Adoption } from "../../components/adopt_dialog.tsx";
import { Reason } from "../../components/diagnosis.tsx";
import { Card, Empty, useLoad } from "../../components/parts.tsx";
import { ago } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { messages, recall, remember } from "../../i18n.ts";
import { allChargers, chargers, generation, now } from "../../live.ts";
import { counted } from "../../simulated.ts";
import type { ChargerView } from "../../types.ts";
import { OVERVIEW } from "../../../i18n/admin/overview.ts";

const t = messages(OVERVIEW);

const SHOWN = 8;
const ROUND_MS = 30_000;

/** The alarms that a charger's diagnosis tells better. */
const DIAGNOSED: ReadonlySet<string> = new Set(["faulted", "silent", "pending"]);

/** Shows the diagnoses, the other alarms, and the first steps that are open. */
export function HomeTasks() {
  const found = useNeeds();
  const others = alarms.value.filter(({ kind }) => !DIAGNOSED.has(kind));
  if (!found) return <Card title={t("attention")}>{null}</Card>;
  return (
    <>
      {found.length > 0 && <Needs found={found} />}
      {others.length > 0 && (
        <Card title={found.length > 0 ? "" : t("attention")} flush>
          <ul class="attention">
            {others.slice(0, SHOWN).map((alarm) => <AlarmLine key={alarm.kind + alarm.name} alarm={alarm} />)}
          </ul>
        </Card>
      )}
      {found.length + others.length === 0 && (
        <Card title={t("attention")}>
          <Empty icon="check">{t("all_well")}</Empty>
        </Card>
      )}
      {can("admin") && <Steps />}
      <Adoption />
    </>
  );
}

interface Need {
  charger: ChargerView;
  diagnosis: Parameters<typeof Reason>[0]["diagnosis"][];
}

/** Loads the diagnoses of what does not charge and needs somebody, of all chargers; anew when an alarm comes or goes. */
function useNeeds(): Need[] | undefined {
  const told = alarms.value.map(({ kind, name }) => kind + name).join();
  const { value } = useLoad(
    () => get(at("/ocpp/diagnosis/", {}, { calm: "false", limit: 1000 })),
    [generation.value, told, Math.floor(now.value / ROUND_MS)],
  );
  return value?.chargers.flatMap(({ charger_id, diagnosis }) => {
    const charger = chargers.get(charger_id)?.value;
    const shown = charger && (charger.registration === "Pending" || counted([charger]).length > 0);
    return shown ? [{ charger, diagnosis }] : [];
  });
}

function Needs({ found }: { found: Need[] }) {
  const more = found.length > SHOWN && (
    <a class="btn small" href="/admin/chargers?show=wrong">{t("all_reasons", { n: found.length })}</a>
  );
  return (
    <Card title={t("attention")} side={more}>
      <div class="stack" role="list" data-testid="needs">
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
    </Card>
  );
}

function AlarmLine({ alarm: { kind, tone, icon, name, detail, since, href } }: { alarm: Alarm }) {
  return (
    <li>
      <a href={href} class={`tone-${tone}`}>
        <Icon name={icon} size={22} />
        <span>
          <b>{name}</b>
          <span class="small soft">{[t(kind), detail].filter(Boolean).join(": ")}</span>
        </span>
        <span class="small soft when">{ago(since)}</span>
      </a>
    </li>
  );
}

const HIDDEN = "first_steps_hidden";

/** The steps of a new site, each done by what the gateway has; nothing once all are, or when this browser hides them. */
function Steps() {
  const [hidden, setHidden] = useState(recall(HIDDEN) !== null);
  const { value } = useLoad(loadEvidence, [generation.value]);
  if (hidden || !value) return null;
  const all = allChargers();
  const steps: [key: keyof typeof OVERVIEW & string, href: string, done: boolean][] = [
    ["step_connect", "/admin/waiting", all.some(({ last_seen }) => last_seen !== null)],
    ["step_place", "/admin/chargers?view=map", all.some(isPlaced)],
    ["step_card", "/admin/rfids", value.cards],
    ["step_test", "/admin/commissioning", value.tested],
    ["step_backup", "/admin/system", value.saved],
  ];
  if (steps.every(([, , done]) => done)) return null;
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
      <ul class="attention" data-testid="steps">
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

/** Loads the evidence that the live state does not have. A gateway whose database is no file needs no backup. */
async function loadEvidence(): Promise<{ cards: boolean; tested: boolean; saved: boolean }> {
  const [{ rfids }, { commissionings }, { backups }] = await Promise.all([
    get(at("/ocpp/rfids/", {}, { limit: 1 })),
    get(at("/ocpp/commissioning/", {}, { limit: 1 })),
    get("/ocpp/backups/").catch(() => ({ backups: [null] })),
  ]);
  return { cards: rfids.length > 0, tested: commissionings.length > 0, saved: backups.length > 0 };
}
