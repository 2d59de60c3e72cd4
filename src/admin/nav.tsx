// Navigation: a column on wide screens, tabs at the bottom on phones.
import { useLocation } from "preact-iso/router";
import { session } from "./api.ts";
import { alarms } from "./alarms.ts";
import { Icon, type IconName } from "./icons.tsx";
import { chooseLanguage, language, messages } from "./i18n.ts";
import { settings } from "./live.ts";
import { logOut } from "./login.ts";
import { searching } from "./searching.ts";
import { setTheme, type Theme, theme } from "./theme.ts";
import { SHELL } from "../i18n/admin/shell.ts";

const t = messages(SHELL);

interface Entry {
  page: "overview" | "chargers" | "sessions" | "rfids" | "activity" | "setup";
  icon: IconName;
  /** The other pages of the section. All pages that no section names are of `setup`. */
  also?: readonly (keyof typeof SHELL & string)[];
}

/** The sections of the admin, in the menu's order. */
export const SECTIONS: readonly Entry[] = [
  { page: "overview", icon: "overview" },
  { page: "chargers", icon: "chargers", also: ["load", "waiting", "labels"] },
  { page: "sessions", icon: "sessions" },
  { page: "rfids", icon: "tags" },
  { page: "activity", icon: "events" },
  { page: "setup", icon: "settings" },
];

/** Returns the section of a page, named as in its address; "" is the first. */
export function sectionOf(page: string): Entry {
  const of = page || "overview";
  return SECTIONS.find((one) => one.page === of || one.also?.some((name) => name === of)) ?? SECTIONS.at(-1)!;
}

const THUMBS = 4;

/** Returns the address of a page. */
export function hrefOf(page: string): string {
  return page === "overview" ? "/admin/" : `/admin/${page}`;
}

function useCurrent(page: string): { "aria-current"?: "page" } {
  const { path } = useLocation();
  return sectionOf(path.split("/")[2] ?? "").page === page ? { "aria-current": "page" } : {};
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
      <button type="button" class="nav-link find" onClick={() => searching.value = true}>
        <Icon name="search" />
        {t("search")}
        <kbd>{/Mac|iPhone|iPad/.test(navigator.platform) ? "⌘ K" : "Ctrl K"}</kbd>
      </button>
      {SECTIONS.map((entry) => <NavLink key={entry.page} {...entry} />)}
      <Foot />
    </nav>
  );
}

/** The conditions that each section's number counts. */
function countOf(page: string): number {
  if (page === "overview") return alarms.value.length;
  if (page !== "chargers") return 0;
  return alarms.value.filter(({ kind }) => kind === "pending" || kind === "refused").length;
}

function NavLink({ page, icon }: Entry) {
  const count = countOf(page);
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
      {SECTIONS.slice(0, THUMBS).map((entry) => <Thumb key={entry.page} {...entry} />)}
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
      <span>{t(page === "rfids" ? "people" : page)}</span>
    </a>
  );
}
