// Activity: what happened on the site, who changed what, the chargers' jobs, and their availability by month.
import { useRoute } from "preact-iso/router";
import { can } from "../api.ts";
import { Forbidden } from "../components/forbidden.tsx";
import { PageHead } from "../components/parts.tsx";
import { messages } from "../i18n.ts";
import { ACTIVITY } from "../../i18n/admin/activity.ts";
import { AuditLog } from "./activity/audit.tsx";
import { Availability } from "./activity/availability.tsx";
import { EventLog } from "./activity/log.tsx";
import { MessageLog } from "./activity/messages.tsx";
import { Jobs, Reservations } from "./ocpp_state/lists.tsx";

const t = messages(ACTIVITY);

/** The views by their names in the address. */
const VIEWS = {
  log: EventLog,
  audit: AuditLog,
  jobs: AllJobs,
  availability: Availability,
  messages: MessageLog,
};
type View = keyof typeof VIEWS;

/** Shows the view of the address. */
export default function Activity() {
  const { params: { view: asked = "" } } = useRoute();
  const view = asked in VIEWS ? asked as View : "log";
  const Shown = VIEWS[view];
  return (
    <>
      <PageHead title={t("title")} text={t("text")} />
      <nav class="tabs no-print" aria-label={t("title")}>
        {(Object.keys(VIEWS) as View[]).filter(maySee).map((name) => (
          <a
            key={name}
            href={`/admin/activity${name === "log" ? "" : `/${name}`}`}
            {...(name === view ? { "aria-current": "page", ref: show } : {})}
          >
            {t(name)}
          </a>
        ))}
      </nav>
      {maySee(view) ? <Shown key={view} /> : <Forbidden />}
    </>
  );
}

/** Brings the current tab into view where the tabs are wider than the screen. */
function show(tab: HTMLElement | null): void {
  tab?.scrollIntoView({ block: "nearest", inline: "center" });
}

/** The audit log names addresses and people. */
function maySee(view: View): boolean {
  return view !== "audit" || can("operator");
}

function AllJobs() {
  return (
    <>
      <Jobs />
      <Reservations />
    </>
  );
}
