// Setup: an index of the pages that a site needs now and then.
import { Card, PageHead } from "../components/parts.tsx";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { hrefOf } from "../nav.tsx";
import { SETUP } from "../../i18n/admin/setup.ts";
import { mayOpen } from "./roles.ts";
import { GROUPS } from "./setup_pages.ts";

const t = messages(SETUP);

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
