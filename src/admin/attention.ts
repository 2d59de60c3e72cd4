// What needs an operator: made from the live picture.
import { computed } from "@preact/signals";
import type { IconName } from "./icons.tsx";
import { allChargers, now, sessions } from "./live.ts";
import type { ChargerView } from "./types.ts";

/** Something that needs attention, and where it is mended. */
export interface Alarm {
  kind: "faulted" | "silent" | "pending" | "doubtful";
  tone: "red" | "amber" | "violet";
  icon: IconName;
  name: string;
  /** What the charger says, or since when. */
  detail: string;
  since: string | null;
  href: string;
}

const SILENT_MS = 2 * 60_000; // a charger that reboots is back by then

/** Everything that needs attention, the worst first. */
export const alarms = computed<Alarm[]>(() => {
  const found = allChargers();
  const minute = Math.floor(now.value / 10_000) * 10_000;
  return [
    ...found.flatMap(faultOf),
    ...found.filter(({ registration }) => registration === "Pending").map(pendingOf),
    ...found.filter((charger) => isSilent(charger, minute)).map(silentOf),
    ...[...sessions.value.values()].filter(({ flags }) => flags.length > 0).map((session): Alarm => ({
      kind: "doubtful",
      tone: "amber",
      icon: "flag",
      name: `${session.charger_id} · ${session.connector_id}`,
      detail: session.flags.join(", "),
      since: session.start_time,
      href: `/admin/sessions?id=${session.transaction_id}`,
    })),
  ];
});

/** Whether a charger has been gone for longer than a reboot takes. */
export function isSilent(charger: ChargerView, at: number): boolean {
  if (charger.connected || charger.registration !== "Accepted") return false;
  return charger.last_seen !== null && at - Date.parse(charger.last_seen) > SILENT_MS;
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
    href: "/admin/waiting",
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
