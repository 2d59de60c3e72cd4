// Navigation: a column on wide screens, tabs at the bottom on phones.
import { useLocation } from "preact-iso/router";
import type { Role } from "../store/store.ts";
import { can, session } from "./api.ts";
import { alarms } from "./alarms.ts";
import { Icon, type IconName } from "./icons.tsx";
import { chooseLanguage, language, messages } from "./i18n.ts";
import { settings } from "./live.ts";
import { logOut } from "./login.ts";
import { setTheme, type Theme, theme } from "./theme.ts";
import { SHELL } from "../i18n/admin/shell.ts";

const t = messages(SHELL);

interface Entry {
  page: keyof typeof SHELL & string;
  icon: IconName;
}

/** The pages that need a role above viewer. */
const ROLES: Record<string, Role> = {
  waiting: "operator",
  standards: "operator",
  audit: "operator",
  simulators: "admin",
  webhooks: "admin",
  users: "admin",
};

/** Returns true if the user's role may see a page. */
export function mayOpen(page: string): boolean {
  return can(ROLES[page] ?? "viewer");
}

const GROUPS: [keyof typeof SHELL, Entry[]][] = [
  ["group_site", [
    { page: "overview", icon: "overview" },
    { page: "chargers", icon: "chargers" },
    { page: "map", icon: "map" },
    { page: "sessions", icon: "sessions" },
    { page: "rfids", icon: "tags" },
    { page: "report", icon: "report" },
    { page: "labels", icon: "labels" },
  ]],
  ["group_watch", [
    { page: "waiting", icon: "waiting" },
    { page: "log", icon: "log" },
    { page: "activity", icon: "events" },
    { page: "events", icon: "events" },
    { page: "jobs", icon: "flag" },
    { page: "commissioning", icon: "check" },
    { page: "simulators", icon: "simulators" },
  ]],
  ["group_care", [
    { page: "settings", icon: "settings" },
    { page: "alerts", icon: "fault" },
    { page: "webhooks", icon: "api" },
    { page: "users", icon: "users" },
    { page: "audit", icon: "audit" },
    { page: "system", icon: "system" },
    { page: "api", icon: "api" },
  ]],
];

const THUMB: Entry[] = [
  { page: "overview", icon: "overview" },
  { page: "chargers", icon: "chargers" },
  { page: "sessions", icon: "sessions" },
  { page: "map", icon: "map" },
];

function hrefOf(page: string): string {
  return page === "overview" ? "/admin/" : `/admin/${page}`;
}

function useCurrent(page: string): { "aria-current"?: "page" } {
  const { path } = useLocation();
  const current = path.split("/")[2] || "overview";
  return current === page ? { "aria-current": "page" } : {};
}

/** The column with all pages. */
export function Side({ open }: { open: boolean }) {
  return (
    <nav class={open ? "side open" : "side"} aria-label={t("gateway")}>
      <a class="brand" href="/admin/">
        <img src="/static/icon.svg" alt="" />
        <span>
          <b>{settings.value?.name || t("gateway")}</b>
          {settings.value?.name && t("gateway")}
        </span>
      </a>
      {GROUPS.map(([group, entries]) => (
        <>
          <p class="nav-head">{t(group)}</p>
          {entries.filter(({ page }) => mayOpen(page)).map((entry) => (
            <NavLink
              key={entry.page}
              {...entry}
            />
          ))}
        </>
      ))}
      <Foot />
    </nav>
  );
}

function NavLink({ page, icon }: Entry) {
  const count = page === "overview" ? alarms.value.length : 0;
  return (
    <a class="nav-link" href={hrefOf(page)} {...useCurrent(page)}>
      <Icon name={icon} />
      {t(page)}
      {count > 0 && <span class="count">{count}</span>}
    </a>
  );
}

const NEXT_THEME: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };

function Foot() {
  const other = language.value === "es" ? "en" : "es";
  return (
    <div class="side-foot">
      <a class="who" href="/admin/account" title={t("account")}>{session.value?.name}</a>
      <button
        type="button"
        class="btn icon-only"
        onClick={() => setTheme(NEXT_THEME[theme.value])}
        aria-label={`${t("theme")}: ${t(`theme_${theme.value}`)}`}
        title={`${t("theme")}: ${t(`theme_${theme.value}`)}`}
      >
        <Icon name={theme.value === "dark" ? "moon" : theme.value === "light" ? "sun" : "auto"} size={18} />
      </button>
      <button
        type="button"
        class="btn icon-only"
        lang={other}
        aria-label={other === "es" ? "ES Español" : "EN English"}
        onClick={() => void chooseLanguage(other)}
      >
        {other.toUpperCase()}
      </button>
      <button
        type="button"
        class="btn icon-only"
        aria-label={t("log_out")}
        title={t("log_out")}
        onClick={() => void logOut()}
      >
        <Icon name="exit" size={18} />
      </button>
    </div>
  );
}

/** The tabs at the bottom of a phone's screen. */
export function TabBar({ open, toggle }: { open: boolean; toggle: () => void }) {
  return (
    <nav class="tabbar" aria-label={t("more")}>
      {THUMB.map((entry) => <Thumb key={entry.page} {...entry} />)}
      <button type="button" aria-expanded={open} onClick={toggle}>
        <Icon name={open ? "close" : "more"} size={22} />
        <span>{open ? t("close") : t("more")}</span>
      </button>
    </nav>
  );
}

function Thumb({ page, icon }: Entry) {
  return (
    <a href={hrefOf(page)} {...useCurrent(page)}>
      <Icon name={icon} size={22} />
      <span>{t(page)}</span>
    </a>
  );
}
