// The gateway's addresses for chargers.
import { system } from "../alarms.ts";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { CopyButton } from "./copy_button.tsx";

const t = messages(SHELL);

/** Lists the URLs that chargers can use, each with a copy button; this browser's own is marked. `id`: for one charger. */
export function Addresses({ id = "" }: { id?: string }) {
  const here = new URL("/", location.href.replace("http", "ws")).href;
  return (
    <div class="stack tight">
      {urlsFrom(here).map((url) => (
        <div key={url} class="row line">
          <span class="grow">
            <code>{url + encodeURIComponent(id)}</code>{" "}
            {url === here && <span class="chip tone-green">{t("this_browser")}</span>}
          </span>
          <CopyButton text={url + encodeURIComponent(id)} />
        </div>
      ))}
    </div>
  );
}

/** Always contains the browser's own address: behind a proxy the gateway does not know it. */
function urlsFrom(here: string): string[] {
  const { hosts, charger_ports: { ws, wss } } = system.value ??
    { hosts: [], charger_ports: { ws: 1, wss: 1 } };
  const urls = Object.entries({ ws, wss }).flatMap(([scheme, port]) =>
    port === null
      ? []
      : hosts.map((host) => new URL(`${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`).href)
  );
  const possible = ws !== null || here.startsWith("wss");
  return [...new Set([...possible ? [here] : [], ...urls])];
}
