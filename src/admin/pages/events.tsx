// The live list of events.
import { useState } from "preact/hooks";
import { Segmented } from "../components/inputs.tsx";
import { Card, Empty, PageHead } from "../components/parts.tsx";
import { stateText } from "../components/status.tsx";
import { clock, kwh } from "../format.ts";
import { Icon, type IconName } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { chargers, type LiveEvent, recent } from "../live.ts";
import type { Session } from "../types.ts";
import { EVENTS } from "../../i18n/admin/site.ts";

const t = messages(EVENTS);

const KINDS = {
  all: null,
  session: ["transaction", "authorize"],
  state: ["connector", "charger"],
  security: ["security", "alarm"],
} as const;
type Kind = keyof typeof KINDS;

/** Shows the events. */
export default function Events() {
  const [kind, setKind] = useState<Kind>("all");
  const wanted: readonly string[] | null = KINDS[kind];
  const found = recent.value.filter(({ type }) => wanted === null || wanted.includes(type));
  return (
    <>
      <PageHead title={t("title")} text={t("text")} />
      <Segmented
        value={kind}
        set={setKind}
        options={(Object.keys(KINDS) as Kind[]).map((name) => [name, t(name)] as const)}
      />
      <Card flush>
        {found.length === 0 ? <Empty icon="events">{t("none")}</Empty> : (
          <div class="msgs" role="log">
            {found.map((event, index) => <Line key={`${event.at} ${index}`} event={event} />)}
          </div>
        )}
      </Card>
    </>
  );
}

function Line({ event }: { event: LiveEvent }) {
  const { at, type, data } = event;
  const id = data.charger_id ?? "";
  return (
    <details class="msg">
      <summary class="event">
        <span class="at num soft">{clock(at)}</span>
        <Icon name={iconOf(type)} size={18} />
        <b>{chargers.get(id)?.value.name || id || type}</b>
        <span>{textOf(event)}</span>
        <span class="soft small off-phone">{type}</span>
      </summary>
      <div>
        <pre>{JSON.stringify(data, null, 2)}</pre>
      </div>
    </details>
  );
}

const ICONS: Record<string, IconName> = {
  transaction: "sessions",
  authorize: "tags",
  connector: "plug",
  charger: "chargers",
  security: "fault",
  alarm: "fault",
  rfid: "tags",
  settings: "settings",
};

function iconOf(type: string): IconName {
  return ICONS[type] ?? "events";
}

function textOf(event: LiveEvent): string {
  const { type, data } = event;
  switch (type) {
    case "transaction":
      return sessionText(data);
    case "authorize":
      return t("authorize", { tag: data.id_tag, status: data.status });
    case "connector":
      return t("became", { n: data.connector_id, state: stateText(data.status) });
    case "charger":
      return t(event.connection ?? "changed");
    case "charger_deleted":
      return t("deleted");
    case "alarm":
      return t(data.on ? "alarm_on" : "alarm_off", { text: data.texts });
    case "security":
      return data.tech_info ?? "";
    default:
      return "";
  }
}

function sessionText({ transaction_id, id_tag, state, energy_wh }: Session): string {
  return state === "active"
    ? t("started", { id: transaction_id, tag: id_tag || "–" })
    : t("ended", { id: transaction_id, kwh: kwh(energy_wh) });
}
