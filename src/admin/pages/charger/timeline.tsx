// The sessions and events of a charger in a range of time, on one line of time, the newest first.
import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";
import { at, get } from "../../api.ts";
import type { Range } from "../../components/chart/chart_data.ts";
import { timeFormat } from "../../components/chart/chart_text.ts";
import { isoOf, sessionsIn } from "../../components/chart/load_history.ts";
import { What } from "../../components/event_entry.tsx";
import { Segmented } from "../../components/inputs.tsx";
import { Card, Empty, LoadState } from "../../components/parts.tsx";
import { connectorName, type Tone } from "../../components/status.tsx";
import { useLive } from "../../components/use_live.ts";
import { duration, kwh } from "../../format.ts";
import { Icon, type IconName } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import { now } from "../../live.ts";
import type { ActivityEntry, Session } from "../../types.ts";
import { dayAt } from "../../zone.ts";
import { CHARGER } from "../../../i18n/admin/charger.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";

const t = messages(CHARGER);
const shell = messages(SHELL);

/** Events of a range at most. */
const MOST = 300;
/** Lines that are shown at first. */
const FEW = 60;

const SHOWS = ["everything", "sessions", "events"] as const;

/** A session or an event at its time. */
interface Point {
  at: number;
  key: string;
  session?: Session;
  event?: ActivityEntry;
}

/** Shows the line of time. */
export function Timeline({ charger_id, range }: { charger_id: string; range: Range }) {
  const { query, path, route } = useLocation();
  const show = SHOWS.find((name) => name === query.lines) ?? "everything";
  const choose = (lines: typeof SHOWS[number]) =>
    route(`${path}?${new URLSearchParams({ ...query, lines })}`, true);
  const [few, setFew] = useState(true);
  const { value, loading, error } = useLive(
    () => load(charger_id, range),
    { types: ["transaction", "connector", "charger", "security", "authorize"], charger_id },
    [charger_id, range.from, range.to],
  );
  const points =
    value?.points.filter(({ session }) =>
      show === "everything" || (show === "sessions") === (session !== undefined)
    ) ?? [];
  const days = Map.groupBy(few ? points.slice(0, FEW) : points, ({ at }) => dayAt(at));
  return (
    <Card
      title={t("timeline")}
      side={<Segmented value={show} set={choose} options={SHOWS.map((name) => [name, t(name)])} />}
    >
      <LoadState loading={loading && !value} error={error} />
      {value && points.length === 0 && <Empty icon="events">{t("timeline_none")}</Empty>}
      <div class="stack" data-testid="timeline">
        {[...days].map(([day, here]) => (
          <section key={day}>
            <h3>{timeFormat({ weekday: "long", day: "numeric", month: "long" }).format(here[0]!.at)}</h3>
            <ol class="timeline">
              {here.map(({ key, session, event }) => (
                session
                  ? <SessionLine key={key} session={session} holder={value!.holders.get(session.id_tag)} />
                  : <EventLine key={key} event={event!} />
              ))}
            </ol>
          </section>
        ))}
      </div>
      {few && points.length > FEW && (
        <div class="empty">
          <button type="button" class="btn" onClick={() => setFew(false)}>{shell("more_rows")}</button>
        </div>
      )}
      {value?.cut && !few && <p class="hint">{t("timeline_cut")}</p>}
    </Card>
  );
}

/** Loads both kinds; starts and ends of sessions are the sessions themselves. */
async function load(charger_id: string, range: Range) {
  const [{ sessions, holders }, { entries, next }] = await Promise.all([
    sessionsIn({ charger_id, range, now: Date.now() }),
    get(at("/ocpp/events/log/", {}, { charger_id, ...isoOf(range), limit: MOST })),
  ]);
  const points: Point[] = [
    ...sessions.map((session) => ({
      at: Date.parse(session.start_time),
      key: `session ${session.transaction_id}`,
      session,
    })),
    ...entries.filter(({ kind }) => !/^session_/.test(kind)).map((event) => ({
      at: Date.parse(event.at),
      key: `event ${event.sequence}`,
      event,
    })),
  ];
  return {
    points: points.sort((a, b) => b.at - a.at),
    holders,
    cut: next !== null || sessions.length === 200,
  };
}

interface LineProps {
  at: string;
  tone: Tone;
  icon: IconName;
  /** At the right end. */
  side?: ComponentChildren;
  children: ComponentChildren;
}

function Line({ at, tone, icon, side, children }: LineProps) {
  return (
    <li class={`tone-${tone}`}>
      <time dateTime={at} class="num soft">
        {timeFormat({ hour: "2-digit", minute: "2-digit" }).format(Date.parse(at))}
      </time>
      <Icon name={icon} size={18} />
      <span>{children}</span>
      {side && <span class="num">{side}</span>}
    </li>
  );
}

function SessionLine({ session, holder }: { session: Session; holder: string | undefined }) {
  const { transaction_id, connector_id, id_tag, start_time, stop_time, energy_wh } = session;
  const end = stop_time ? Date.parse(stop_time) : now.value;
  return (
    <Line at={start_time} tone="blue" icon="sessions" side={<b>{kwh(energy_wh)}</b>}>
      <a href={`/admin/sessions?id=${transaction_id}`}>{holder || id_tag || transaction_id}</a>{" "}
      <span class="soft">
        {connectorName(connector_id)} · {duration(end - Date.parse(start_time))}
      </span>
    </Line>
  );
}

const ICONS: Partial<Record<ActivityEntry["kind"], [Tone, IconName]>> = {
  connected: ["green", "link"],
  disconnected: ["amber", "off"],
  fault: ["red", "fault"],
  fault_ended: ["green", "check"],
  card_refused: ["amber", "tags"],
  security: ["red", "audit"],
};

function EventLine({ event }: { event: ActivityEntry }) {
  const [tone, icon] = ICONS[event.kind] ?? ["grey", "events"];
  return (
    <Line at={event.at} tone={tone} icon={icon} side={event.user}>
      <What entry={event} plain />
      {event.connector_id ? <span class="soft">· {connectorName(event.connector_id)}</span> : null}
    </Line>
  );
}
