// An entry of the event log in words, with links to what it is about.
import { duration, kwh, when } from "../format.ts";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { chargers } from "../live.ts";
import type { ActivityEntry } from "../types.ts";
import { ACTIVITY, ACTIVITY_LINES } from "../../i18n/admin/activity.ts";
import { entryPage } from "../record_links.ts";
import { wordOf } from "./word.tsx";

const t = messages(ACTIVITY);
const lineOf = messages(ACTIVITY_LINES);

/** The sentence of an entry. `plain`: without the sign of a warning. */
export function What({ entry, plain }: { entry: ActivityEntry; plain?: boolean }) {
  const { severity, count, until } = entry;
  const text = textOf(entry);
  const page = entryPage(entry);
  return (
    <>
      {severity !== "info" && !plain && (
        <span class={`word tone-${severity === "error" ? "red" : "amber"}`}>
          <Icon name="fault" size={16} />
        </span>
      )} {page ? <a class="plain" href={page}>{text}</a> : text}
      {count > 1 && <span class="soft small">· {t("times", { n: count, until: when(until) })}</span>}
    </>
  );
}

/** The charger and the connector of an entry. */
export function Where({ entry: { charger_id, connector_id } }: { entry: ActivityEntry }) {
  if (charger_id === null) return null;
  return (
    <>
      <ChargerLink charger_id={charger_id} />
      {connector_id !== null && <span class="soft">{t("connector", { n: connector_id })}</span>}
    </>
  );
}

/** A charger's name with the way to its page; of one that is not there, its id. */
export function ChargerLink({ charger_id }: { charger_id: string }) {
  const known = chargers.get(charger_id)?.value;
  if (!known) return <>{charger_id}</>;
  return (
    <a class="name" href={`/admin/chargers/${encodeURIComponent(charger_id)}`}>{known.name || charger_id}</a>
  );
}

/** Returns an entry in words; a code that has none is shown itself. */
export function textOf({ kind, values }: ActivityEntry): string {
  const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? ""]));
  const changed = Object.keys(values).filter((name) => `${name}_before` in values);
  const { error_code, stop_reason, status, error, action, object, alarm, code, type } = values;
  return lineOf(kind, {
    ...given,
    code: wordOf("close", code),
    type: wordOf("security", type),
    error_code: wordOf("fault", error_code),
    stop_reason: stop_reason ? `· ${wordOf("reason", stop_reason)}` : "",
    status: wordOf(kind === "firmware" ? "job" : "outcome", status),
    action: wordOf(kind === "command" ? "command" : "action", action),
    object: wordOf("object", object),
    alarm: wordOf("alarm", alarm),
    outcome: wordOf("outcome", status ?? error ?? "OK"),
    changes: changed.map((name) => `${values[`${name}_before`] ?? "–"} → ${values[name] ?? "–"}`).join(", "),
    duration: duration(Number(values.seconds ?? 0) * 1000),
    energy: kwh(Number(values.energy_wh ?? 0)),
  }).trim();
}
