// The pages of Setup by group.
import type { IconName } from "../icons.tsx";
import type { SETUP } from "../../i18n/admin/setup.ts";

type Name = keyof typeof SETUP & string;

/** A page of Setup, which several entries can name. */
export type SetupEntry = [page: string, name: Name, icon: IconName];

/** The groups; a name's sentence has the same key with `_text`. */
export const GROUPS: [group: Name, entries: SetupEntry[]][] = [
  ["group_site", [
    ["settings", "settings", "settings"],
    ["standards", "standards", "check"],
    ["load", "load", "bolt"],
    ["labels", "labels", "labels"],
  ]],
  ["group_chargers", [
    ["jobs", "jobs", "upload"],
    ["commissioning", "commissioning", "check"],
    ["simulators", "simulators", "simulators"],
  ]],
  ["group_people", [
    ["users", "users", "users"],
    ["account", "account", "unlock"],
  ]],
  ["group_outputs", [
    ["alerts", "alerts", "fault"],
    ["webhooks", "webhooks", "link"],
    ["settings", "mqtt", "events"],
  ]],
  ["group_gateway", [
    ["system", "system", "system"],
    ["system", "backups", "download"],
    ["api", "api", "api"],
  ]],
];
