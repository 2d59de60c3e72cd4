// Everything that the search finds: chargers and their commands, people, cards, pages, and what can be done from anywhere.
import { at, can, get, getAll } from "../api.ts";
import { type CommandName, COMMANDS, maySend } from "../commands.ts";
import { chooseLanguage, language, messages } from "../i18n.ts";
import { allChargers } from "../live.ts";
import { logOut } from "../login.ts";
import { hrefOf, SECTIONS } from "../nav.tsx";
import { mayOpen } from "../pages/roles.ts";
import { GROUPS } from "../pages/setup_pages.ts";
import { setTheme } from "../theme.ts";
import type { ChargerView, Rfid } from "../types.ts";
import { ACTIVITY } from "../../i18n/admin/activity.ts";
import { CHARGERS } from "../../i18n/admin/chargers.ts";
import { COMMANDS as COMMAND_TEXTS } from "../../i18n/admin/commands.ts";
import { FINDER } from "../../i18n/admin/finder.ts";
import { SETUP } from "../../i18n/admin/setup.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import type { Entry } from "./match.ts";

const t = messages(FINDER);
const shell = messages(SHELL);
const setup = messages(SETUP);
const commands = messages(COMMAND_TEXTS);
const chargers_text = messages(CHARGERS);
const activity = messages(ACTIVITY);

/** The ways of an entry to open a page, or the dialog of a charger's command. */
export interface Openers {
  go: (href: string) => void;
  command: (charger: ChargerView, command: CommandName) => void;
}

/** Loads the cards; without them the rest is found all the same. */
export function loadCards(): Promise<Rfid[]> {
  return getAll("/ocpp/rfids/").catch(() => []);
}

/** Returns the session with a number, or null. */
export async function sessionNumbered(id: string, { go }: Openers): Promise<Entry | null> {
  const known = await get(at("/ocpp/transactions/{transaction_id}/", { transaction_id: id })).catch(() =>
    null
  );
  return known && {
    kind: "session",
    name: t("session_number", { id }),
    detail: known.charger_id,
    open: () => go(`/admin/sessions?id=${id}`),
  };
}

/** Returns all entries but the sessions. */
export function allEntries(cards: Rfid[], openers: Openers): Entry[] {
  const all = allChargers();
  return [
    ...all.map((charger) => chargerEntry(charger, openers)),
    ...peopleOf(cards, openers),
    ...pages(openers),
    ...actions(openers),
    ...all.filter(({ connected }) => connected).flatMap((charger) => commandsOf(charger, openers)),
  ];
}

function chargerEntry({ charger_id, name, vendor, model }: ChargerView, { go }: Openers): Entry {
  const own = name && name !== charger_id ? [charger_id] : [];
  return {
    kind: "charger",
    name: name || charger_id,
    detail: [...own, vendor, model].filter(Boolean).join(" · "),
    open: () => go(`/admin/chargers/${encodeURIComponent(charger_id)}`),
  };
}

function peopleOf(cards: Rfid[], { go }: Openers): Entry[] {
  const open = (text: string) => () => go(`/admin/rfids?find=${encodeURIComponent(text)}`);
  const names = new Set(cards.map(({ label }) => label.trim()).filter(Boolean));
  return [
    ...[...names].map((name): Entry => ({ kind: "person", name, open: open(name) })),
    ...cards.map(({ rfid, label }): Entry => ({ kind: "card", name: rfid, detail: label, open: open(rfid) })),
  ];
}

function pages({ go }: Openers): Entry[] {
  const inside = SECTIONS.flatMap(({ page, also = [] }) => [page, ...also]).filter(mayOpen);
  const below = GROUPS.flatMap(([, entries]) => entries).filter(([page]) => mayOpen(page));
  const named = new Map([
    ...inside.map((page) => [shell(page), { page, detail: "" }] as const),
    ...below.map(([page, name]) =>
      [setup(name), { page, detail: setup(`${name}_text` as "api_text") }] as const
    ),
  ]);
  return [...[...named].map(([name, { page, detail }]) => [name, hrefOf(page), detail] as const), ...views()]
    .map(([name, href, detail]) => ({ kind: "page", name, detail, open: () => go(href) }));
}

/** The views of pages that have several. */
function views(): (readonly [name: string, href: string, detail: string])[] {
  return [
    [chargers_text("map"), "/admin/chargers?view=map", chargers_text("title")],
    [chargers_text("plan"), "/admin/chargers?view=plan", chargers_text("title")],
    ...(["audit", "jobs", "availability", "messages"] as const).filter((view) =>
      view !== "audit" || can("operator")
    ).map((view) => [activity(view), `/admin/activity/${view}`, activity("title")] as const),
  ];
}

function actions({ go }: Openers): Entry[] {
  const action = (key: keyof typeof FINDER & string, open: () => void): Entry => ({
    kind: "action",
    name: t(key),
    open,
  });
  return [
    ...(can("operator") ? [action("add_card", () => go("/admin/rfids?add=1"))] : []),
    action("month_report", () => go("/admin/sessions?period=month&group=holder")),
    action("running", () => go("/admin/sessions?state=active")),
    action("problems", () => go("/admin/chargers?show=wrong")),
    action("language", () => void chooseLanguage(language.value === "es" ? "en" : "es")),
    action("theme_light", () => setTheme("light")),
    action("theme_dark", () => setTheme("dark")),
    action("log_out", () => void logOut()),
  ];
}

function commandsOf(charger: ChargerView, { command }: Openers): Entry[] {
  const names = (Object.keys(COMMANDS) as CommandName[]).filter(maySend);
  return names.map((name): Entry => ({
    kind: "command",
    name: `${commands(name)} · ${charger.name || charger.charger_id}`,
    open: () => command(charger, name),
  }));
}
