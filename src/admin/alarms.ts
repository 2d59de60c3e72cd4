// Alarms: conditions that need an operator, found in the live state.
import { batch, computed, signal } from "@preact/signals";
import { at, can, get } from "./api.ts";
import type { IconName } from "./icons.tsx";
import { language } from "./i18n.ts";
import { allChargers, chargers, now, onLive, sessions } from "./live.ts";
import type { ChargerView, ConnectionAttempt, Session, SystemState } from "./types.ts";

/** A condition that needs attention, with the page that shows it. */
export interface Alarm {
  kind: "site" | "faulted" | "silent" | "pending" | "refused" | "doubtful";
  tone: "red" | "amber" | "violet";
  icon: IconName;
  name: string;
  /** A detail, such as the charger's own error text. */
  detail: string;
  /** The flags of a session, as codes. */
  flags?: readonly string[];
  since: string | null;
  href: string;
}

/** The gateway's state, at most a minute old; null: not loaded yet. */
export const system = signal<SystemState | null>(null);
const refused = signal<ConnectionAttempt[]>([]);
/** True once the gateway was asked for its state, whatever it answered. */
export const site_known = signal(false);

const REFUSED_MS = 60 * 60_000;
const POLL_MS = 60_000;

/** Keeps the gateway's alarms and refused connections up to date until the returned function is called. */
export function followSite(): () => void {
  const look = async () => {
    const [state, waiting] = await Promise.all([
      get("/ocpp/system/"),
      can("operator") ? get(at("/ocpp/waiting/", {}, { state: "refused", limit: 20 })) : { knocks: [] },
    ]);
    batch(() => {
      system.value = state;
      refused.value = waiting.knocks;
    });
  };
  const again = () => void look().catch(() => {}).then(() => site_known.value = true);
  again();
  const timer = setInterval(again, POLL_MS);
  const unlisten = onLive(({ type }) => type === "alarm" && again());
  return () => {
    clearInterval(timer);
    unlisten();
  };
}

const SILENT_MS = 2 * 60_000; // longer than a reboot takes

/** The refused connections of the last hour, the newest first. */
export const recent_refusals = computed(() => {
  const minute = Math.floor(now.value / 10_000) * 10_000;
  return refused.value.filter(({ last_at }) => minute - Date.parse(last_at) < REFUSED_MS).slice(0, 5);
});

/** All alarms, the most severe first. */
export const alarms = computed<Alarm[]>(() => {
  const found = allChargers();
  const minute = Math.floor(now.value / 10_000) * 10_000;
  return [
    ...(system.value?.alarms ?? []).map(siteAlarm),
    ...found.flatMap(faultOf),
    ...found.filter(({ registration }) => registration === "Pending").map(pendingOf),
    ...found.filter((charger) => isSilent(charger, minute)).map(silentOf),
    ...recent_refusals.value.map(refusedOf),
    ...[...sessions.value.values()].filter(({ flags }) => flags.length > 0).map(doubtfulOf),
  ];
});

function doubtfulOf({ charger_id, transaction_id, flags, start_time }: Session): Alarm {
  return {
    kind: "doubtful",
    tone: "amber",
    icon: "flag",
    name: chargers.get(charger_id)?.value.name || charger_id,
    detail: "",
    flags,
    since: start_time,
    href: `/admin/sessions?id=${transaction_id}`,
  };
}

/** Returns true for a charger that has been disconnected for longer than a reboot takes. */
export function isSilent(charger: ChargerView, at: number): boolean {
  if (charger.connected || charger.registration !== "Accepted") return false;
  return charger.last_seen !== null && at - Date.parse(charger.last_seen) > SILENT_MS;
}

function siteAlarm({ texts, since, failing }: SystemState["alarms"][number]): Alarm {
  const tone = failing ? "red" : "amber";
  return {
    kind: "site",
    tone,
    icon: "fault",
    name: texts[language.value],
    detail: "",
    since,
    href: "/admin/system",
  };
}

function refusedOf({ charger_id, address, reason, last_at }: ConnectionAttempt): Alarm {
  const name = charger_id ?? address;
  return {
    kind: "refused",
    tone: "amber",
    icon: "waiting",
    name,
    detail: reason,
    since: last_at,
    href: "/admin/chargers",
  };
}

function faultOf(charger: ChargerView): Alarm[] {
  return charger.connectors.filter(({ status, error_code }) =>
    status === "Faulted" || (error_code && error_code !== "NoError")
  )
    .map((connector) => ({
      kind: "faulted",
      tone: "red",
      icon: "fault",
      name: `${charger.name || charger.charger_id} · ${connector.connector_id}`,
      detail: [connector.error_code, connector.info, connector.vendor_error_code].filter(Boolean).join(" · "),
      since: connector.since,
      href: hrefOf(charger),
    }));
}

function pendingOf(charger: ChargerView): Alarm {
  const detail = [charger.vendor, charger.model, charger.remote_address].filter(Boolean).join(" · ");
  return {
    kind: "pending",
    tone: "violet",
    icon: "waiting",
    name: charger.charger_id,
    detail,
    since: charger.created_at,
    href: hrefOf(charger),
  };
}

function silentOf(charger: ChargerView): Alarm {
  const name = charger.name || charger.charger_id;
  return {
    kind: "silent",
    tone: "amber",
    icon: "off",
    name,
    detail: "",
    since: charger.last_seen,
    href: hrefOf(charger),
  };
}

function hrefOf({ charger_id }: ChargerView): string {
  return `/admin/chargers/${encodeURIComponent(charger_id)}`;
}
