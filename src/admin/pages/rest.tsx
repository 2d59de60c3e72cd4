// The pages other than the first: their table, and the way up from each.
import { Route, Router, useLocation } from "preact-iso/router";
import type { ComponentType } from "preact";
import { Forbidden } from "../components/forbidden.tsx";
import { PageHead } from "../components/parts.tsx";
import { messages } from "../i18n.ts";
import { hrefOf, sectionOf } from "../nav.tsx";
import { SHELL } from "../../i18n/admin/shell.ts";
import Account from "./account.tsx";
import Activity from "./activity.tsx";
import Alerts from "./alerts.tsx";
import Api from "./api.tsx";
import Charger from "./charger.tsx";
import Chargers from "./chargers.tsx";
import Commissioning from "./commissioning.tsx";
import ConfigurationTemplates from "./configuration_templates.tsx";
import Jobs from "./jobs.tsx";
import Labels from "./labels.tsx";
import Load from "./load.tsx";
import { MapMoved, moved } from "./moved.tsx";
import Rfids from "./rfids.tsx";
import Sessions from "./sessions.tsx";
import Settings from "./settings.tsx";
import Simulators from "./simulators.tsx";
import System from "./system.tsx";
import Users from "./users.tsx";
import Waiting from "./waiting.tsx";
import Webhooks from "./webhooks.tsx";
import Setup from "./setup.tsx";
import { mayOpen } from "./roles.ts";

const t = messages(SHELL);

const PAGES: [path: string, page: ComponentType][] = [
  ["/chargers", Chargers],
  ["/chargers/:id/:tab?", Charger],
  ["/standards", ConfigurationTemplates],
  ["/jobs", Jobs],
  ["/sessions", Sessions],
  ["/report", moved("sessions?period=month&group=holder")],
  ["/rfids", Rfids],
  ["/map/:tab?", MapMoved],
  ["/labels", Labels],
  ["/load", Load],
  ["/commissioning/:id?", Commissioning],
  ["/simulators/:name?", Simulators],
  ["/waiting", Waiting],
  ["/log", moved("activity/messages")],
  ["/activity/:view?", Activity],
  ["/events", moved("activity")],
  ["/account", Account],
  ["/users", Users],
  ["/audit", moved("activity/audit")],
  ["/alerts/:tab?", Alerts],
  ["/webhooks/:id?", Webhooks],
  ["/settings", Settings],
  ["/system", System],
  ["/api", Api],
  ["/setup", Setup],
];

/** Shows the page of the address, with its section's other pages or the way back to the list above it. */
export default function Rest() {
  const { path } = useLocation();
  const page = path.split("/")[2] ?? "";
  return (
    <>
      <Way page={page} />
      {mayOpen(page)
        ? (
          <Router>
            {PAGES.map(([path, component]) => <Route key={path} path={path} component={component} />)}
            <Route default component={NotFound} />
          </Router>
        )
        : <Forbidden />}
    </>
  );
}

/** The pages of a section side by side; above a page of Setup, the link to its index. */
function Way({ page }: { page: string }) {
  const section = sectionOf(page);
  if (page === section.page && !section.also) return null;
  const names = section.page === "setup" ? [section.page] : [section.page, ...section.also ?? []];
  return (
    <nav class="way no-print" aria-label={t(section.page)}>
      {names.filter(mayOpen).map((name) => (
        <a key={name} href={hrefOf(name)} {...(name === page ? { "aria-current": "page" } : {})}>
          {t(section.page === name && section.also ? "list" : name)}
        </a>
      ))}
    </nav>
  );
}

function NotFound() {
  return <PageHead title={t("not_found")} />;
}
