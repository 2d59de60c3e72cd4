// The words of alerts: a title, the lines, and the link, in a person's language.
import { ADVICE, REASONS } from "../../../i18n/admin/diagnosis.ts";
import { LOCALES } from "../../../i18n/language.ts";
import { type Language, translator } from "../../../i18n/messages.ts";
import { ALERTS } from "../../../i18n/services/alerts.ts";
import type { Alert, Severity } from "../../../store/store.ts";

/** A message to a person. */
export interface AlertMessage {
  title: string;
  /** Plain text, lines separated by a line feed. */
  text: string;
  /** The page that shows it. */
  link: string;
  severity: Severity;
}

/** The facts that the words need. */
export interface Wording {
  language: Language;
  site: string;
  /** IANA name. */
  time_zone: string;
  /** The gateway's address, without a slash at its end. */
  base_url: string;
  nameOf(charger_id: string): string;
}

const LINES = 20;

/** Returns one message for some alerts: one alert in full, several as a list. */
export function messageOf(alerts: readonly Alert[], wording: Wording): AlertMessage {
  const t = translator(ALERTS, wording.language);
  const worst = alerts.some(({ severity }) => severity === "critical")
    ? "critical"
    : alerts.some(({ severity }) => severity === "warning")
    ? "warning"
    : "info";
  const site = wording.site || t("site");
  const lines = alerts.slice(0, LINES).map((alert) => lineOf(alert, wording));
  if (alerts.length > LINES) lines.push(t("more", { n: alerts.length - LINES }));
  const [only] = alerts;
  const title = alerts.length === 1 ? headOf(only!, wording) : titleOfSeveral(alerts, wording);
  const text = alerts.length === 1 ? detailsOf(only!, wording) : lines.join("\n");
  return { title: `${site}: ${title}`, text, link: linkOf(alerts, wording), severity: worst };
}

/** Names the reason where it is the same for all: chargers that lose their network, say. */
function titleOfSeveral(alerts: readonly Alert[], wording: Wording): string {
  const t = translator(ALERTS, wording.language);
  const n = alerts.length;
  const reasons = new Set(alerts.map((alert) => reasonOf(alert, wording)));
  const [reason] = reasons;
  if (reasons.size > 1) return t("several", { n });
  const what = t("several_alike", { n, reason });
  return alerts.every(isOver) ? t("over", { what }) : what;
}

/** The reason in a few words. */
function reasonOf({ code, values }: Alert, { language }: Wording): string {
  const t = translator(ALERTS, language);
  if (values.text !== undefined) return String(values[language] ?? values.text);
  if (code in REASONS) return translator(REASONS, language)(code as keyof typeof REASONS, values);
  return t(code as keyof typeof ALERTS, values);
}

function headOf(alert: Alert, wording: Wording): string {
  const t = translator(ALERTS, wording.language);
  const reason = reasonOf(alert, wording);
  const what = alert.charger_id === null ? reason : `${placeOf(alert, wording)}: ${reason}`;
  return isOver(alert) ? t("over", { what }) : what;
}

function lineOf(alert: Alert, wording: Wording): string {
  return `${headOf(alert, wording)} (${timeOf(alert, wording)})`;
}

function detailsOf(alert: Alert, wording: Wording): string {
  const t = translator(ALERTS, wording.language);
  const { code, values } = alert;
  const advice = code in ADVICE && !isOver(alert)
    ? translator(ADVICE, wording.language)(code as keyof typeof ADVICE, values)
    : "";
  const said = [values.error_code, values.vendor_error_code, values.info].filter(Boolean).join(" · ");
  const span = alert.ended_at === null || alert.ended_at === alert.since
    ? t("since", { at: timeText(alert.since, wording) })
    : t("from_to", { from: timeText(alert.since, wording), to: timeText(alert.ended_at, wording) });
  return [span, said, advice].filter(Boolean).join("\n");
}

/** True for an alert that has ended; an incident has its end from the start. */
function isOver({ ended_at, since }: Alert): boolean {
  return ended_at !== null && ended_at !== since;
}

function placeOf({ charger_id, connector_id }: Alert, { language, nameOf }: Wording): string {
  const name = nameOf(charger_id!);
  return connector_id === null
    ? name
    : `${name}, ${translator(ALERTS, language)("connector", { n: connector_id })}`;
}

function timeOf(alert: Alert, wording: Wording): string {
  return timeText(isOver(alert) ? alert.ended_at! : alert.since, wording);
}

function timeText(at: string, { language, time_zone }: Wording): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: time_zone,
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(Date.parse(at));
}

function linkOf(alerts: readonly Alert[], { base_url }: Wording): string {
  const [only] = alerts;
  if (alerts.length === 1 && only!.rule === "site_limit") return `${base_url}/admin/load`;
  if (alerts.length > 1 || !only?.charger_id) return `${base_url}/admin/`;
  return `${base_url}/admin/chargers/${encodeURIComponent(only.charger_id)}`;
}
