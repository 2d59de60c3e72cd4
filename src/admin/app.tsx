// The shell: who may see anything, the pages, and what is around them.
import { useEffect, useErrorBoundary, useState } from "preact/hooks";
import lazy from "preact-iso/lazy";
import { LocationProvider, Route, Router, useLocation } from "preact-iso/router";
import { session } from "./api.ts";
import { Toasts } from "./components/toast.tsx";
import { ago } from "./format.ts";
import { words } from "./i18n.ts";
import { follow, heard, online, settings } from "./live.ts";
import { findDoors } from "./doors.ts";
import { Side, TabBar } from "./nav.tsx";
import { Login } from "./pages/login.tsx";
import { Overview } from "./pages/overview.tsx";
import { SHELL } from "./words/shell.ts";

const t = words(SHELL);

const PAGES = [
  ["/admin/chargers", lazy(() => import("./pages/chargers.tsx"))],
  ["/admin/chargers/:id/:tab?", lazy(() => import("./pages/charger.tsx"))],
  ["/admin/sessions", lazy(() => import("./pages/sessions.tsx"))],
  ["/admin/report", lazy(() => import("./pages/report.tsx"))],
  ["/admin/rfids", lazy(() => import("./pages/rfids.tsx"))],
  ["/admin/map", lazy(() => import("./pages/map.tsx"))],
  ["/admin/labels", lazy(() => import("./pages/labels.tsx"))],
  ["/admin/simulators", lazy(() => import("./pages/simulators.tsx"))],
  ["/admin/waiting", lazy(() => import("./pages/waiting.tsx"))],
  ["/admin/log", lazy(() => import("./pages/log.tsx"))],
  ["/admin/events", lazy(() => import("./pages/events.tsx"))],
  ["/admin/users", lazy(() => import("./pages/users.tsx"))],
  ["/admin/audit", lazy(() => import("./pages/audit.tsx"))],
  ["/admin/settings", lazy(() => import("./pages/settings.tsx"))],
  ["/admin/system", lazy(() => import("./pages/system.tsx"))],
  ["/admin/api", lazy(() => import("./pages/api.tsx"))],
] as const;

/** The admin. */
export function App() {
  return (
    <>
      {session.value === undefined
        ? <Waiting />
        : session.value === null
        ? <Login />
        : (
          <LocationProvider scope="/admin">
            <Site />
          </LocationProvider>
        )}
      <Toasts />
    </>
  );
}

function Waiting() {
  return <div class="busy" role="progressbar" aria-label={t("loading")}></div>;
}

function Site() {
  const [menu, setMenu] = useState(false);
  const { path } = useLocation();
  useEffect(follow, []);
  useEffect(() => void findDoors(), []);
  useEffect(() => setMenu(false), [path]);
  document.title = `${settings.value?.name || t("gateway")}`;
  return (
    <div class={online.value === false ? "shell offline" : "shell"}>
      <a class="sr" href="#content">{t("skip")}</a>
      <Side open={menu} />
      <div>
        <LostBar />
        <main class="page" id="content">
          <Pages key={path.split("/")[2]} />
        </main>
      </div>
      <TabBar open={menu} toggle={() => setMenu(!menu)} />
    </div>
  );
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
        {PAGES.map(([path, page]) => <Route key={path} path={path} component={page} />)}
        <Route default component={NotFound} />
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

function NotFound() {
  return <h1>{t("not_found")}</h1>;
}

function LostBar() {
  if (online.value !== false) return null;
  const at = heard.value ? ago(new Date(heard.value).toISOString()) : "–";
  return <p class="lost" role="alert">{t("lost", { ago: at })}</p>;
}
