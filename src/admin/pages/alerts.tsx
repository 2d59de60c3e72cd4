// Alerts: those that are open and past, the rules by which they are told, and the channels to people.
import { useLocation, useRoute } from "preact-iso/router";
import { can } from "../api.ts";
import { Tabs } from "../components/inputs.tsx";
import { PageHead } from "../components/parts.tsx";
import { messages } from "../i18n.ts";
import { ALERTS_PAGE } from "../../i18n/admin/outputs.ts";
import { Channels } from "./alerts/channels.tsx";
import { AlertList } from "./alerts/list.tsx";
import { Rules } from "./alerts/rules.tsx";

const t = messages(ALERTS_PAGE);

type Tab = "alerts" | "rules" | "channels";

/** Shows the page. */
export default function Alerts() {
  const { params } = useRoute();
  const { route } = useLocation();
  const tab = (params.tab ?? "alerts") as Tab;
  const tabs: [Tab, string][] = [["alerts", t("tab_alerts")], ["rules", t("tab_rules")]];
  if (can("admin")) tabs.push(["channels", t("tab_channels")]);
  return (
    <>
      <PageHead title={t("title")} text={t("text")} />
      <Tabs
        value={tab}
        set={(chosen) => route(chosen === "alerts" ? "/admin/alerts" : `/admin/alerts/${chosen}`)}
        options={tabs}
      />
      {tab === "rules" ? <Rules /> : tab === "channels" && can("admin") ? <Channels /> : <AlertList />}
    </>
  );
}
