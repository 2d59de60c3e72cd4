// Setup: an index of the pages that a site needs now and then.
import { Card, PageHead } from "../components/parts.tsx";
import { Icon, type IconName } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { hrefOf } from "../nav.tsx";
import { SETUP } from "../../i18n/admin/setup.ts";
import { mayOpen } from "./roles.ts";

const t = messages(SETUP);

type Entry = [page: string, name: keyof typeof SETUP & string, icon: IconName];

/** The pages by group; a name's sentence has the same key with `_text`. */
const GROUPS: [group: keyof typeof SETUP & string, entries: Entry[]][] = [
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

/** Shows the index. */
export default function Setup() {
  return (
    <>
      <PageHead title={t("title")} text={t("text")} />
      <div class="pair">
        {GROUPS.map(([group, entries]) => (
          <Card key={group} title={t(group)} flush>
            <ul class="attention">
              {entries.filter(([page]) => mayOpen(page)).map(([page, name, icon]) => (
                <li key={name}>
                  <a href={hrefOf(page)}>
                    <Icon name={icon} size={22} />
                    <span>
                      <b>{t(name)}</b>
                      <span class="small soft">{t(`${name}_text` as keyof typeof SETUP & string)}</span>
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          </Card>
        ))}
      </div>
    </>
  );
}
