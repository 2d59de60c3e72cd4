// The shell: login or site, the navigation, and the first page.
import { useEffect, useErrorBoundary, useState } from "preact/hooks";
import lazy, { ErrorBoundary } from "preact-iso/lazy";
import { LocationProvider, Route, Router, useLocation } from "preact-iso/router";
import { reauthentication, session } from "./api.ts";
import { Toasts } from "./components/toast.tsx";
import { FinderKey } from "./finder_key.tsx";
import { ago } from "./format.ts";
import { messages } from "./i18n.ts";
import { loadPages, preloadPages } from "./load_pages.ts";
import { heard, online } from "./live.ts";
import { set_up_needed } from "./login.ts";
import { Side, TabBar } from "./nav.tsx";
import { Login } from "./pages/login.tsx";
import { Overview } from "./pages/overview.tsx";
import { browserZone, siteZone } from "./zone.ts";
import { SHELL } from "../i18n/admin/shell.ts";

const t = messages(SHELL);

reauthentication.ask = () => loadPages().then((all) => all.confirmPassword());
const SetUp = lazy(() => loadPages().then((all) => all.SetUp));
const Rest = lazy(() => loadPages().then((all) => all.Rest));

/** Shows the admin: the login, the set-up, or the site. */
export function App() {
  return (
    <>
      {session.value === undefined
        ? <Waiting />
        : session.value === null
        ? <LoggedOut />
        : (
          <LocationProvider scope="/admin">
            <Site />
          </LocationProvider>
        )}
      <Toasts />
    </>
  );
}

function LoggedOut() {
  return <ErrorBoundary>{set_up_needed.value ? <SetUp /> : <Login />}</ErrorBoundary>;
}

function Waiting() {
  return <div class="busy" role="progressbar" aria-label={t("loading")}></div>;
}

function Site() {
  const [menu, setMenu] = useState(false);
  const { path } = useLocation();
  const page = path.split("/")[2] ?? "";
  useEffect(preloadPages, []);
  useEffect(() => setMenu(false), [path]);
  return (
    <div class={online.value === false ? "shell offline" : "shell"}>
      <a class="sr" href="#content">{t("skip")}</a>
      <Side open={menu} />
      <div>
        <LostBar />
        <main class="page" id="content">
          <Pages key={page} />
          <ZoneNote />
        </main>
      </div>
      <TabBar open={menu} toggle={() => setMenu(!menu)} />
      <FinderKey />
    </div>
  );
}

/** Names the zone of all times where it is not the browser's. */
function ZoneNote() {
  const zone = siteZone();
  return zone === browserZone() ? null : <p class="soft small no-print">{t("times_in", { zone })}</p>;
}

function Pages() {
  const [error] = useErrorBoundary();
  const [loading, setLoading] = useState(false);
  if (error) return <Crash error={error} />;
  return (
    <>
      {loading && <Waiting />}
      <Router onLoadStart={() => setLoading(true)} onLoadEnd={() => setLoading(false)}>
        <Route path="/admin" component={Overview} />
        <Route path="/admin/*" component={Rest} />
      </Router>
    </>
  );
}

function Crash({ error }: { error: unknown }) {
  return (
    <div class="card">
      <p>{t("crashed")}</p>
      <pre>{error instanceof Error ? error.stack : String(error)}</pre>
    </div>
  );
}

function LostBar() {
  if (online.value !== false) return null;
  const at = heard.value ? ago(new Date(heard.value).toISOString()) : "–";
  return <p class="lost" role="alert">{t("lost", { ago: at })}</p>;
}
