// Navigation in the admin for tests, and checks of its pages.
import axe from "axe-core";
import type { Page } from "./browser.ts";
import { PASSWORD } from "../kit/gateway.ts";

/** All pages: a name, and the path below /admin/. */
export const PAGES: [name: string, path: string][] = [
  ["overview", ""],
  ["chargers", "chargers"],
  ["charger", "chargers/NORTE-1"],
  ["history", "chargers/NORTE-1/history"],
  ["charger-json", "chargers/NORTE-1/raw"],
  ["commands", "chargers/NORTE-1/commands"],
  ["messages", "chargers/NORTE-1/messages"],
  ["configuration", "chargers/NORTE-1/configuration"],
  ["charger-ocpp", "chargers/NORTE-1/ocpp"],
  ["charger-settings", "chargers/NORTE-1/settings"],
  ["standards", "standards"],
  ["sessions", "sessions"],
  ["rfids", "rfids"],
  ["sessions-by-holder", "sessions?period=month&group=holder"],
  ["map", "chargers?view=map"],
  ["plan", "chargers?view=plan"],
  ["labels", "labels"],
  ["load", "load"],
  ["waiting", "waiting"],
  ["activity", "activity"],
  ["audit", "activity/audit"],
  ["activity-jobs", "activity/jobs"],
  ["availability", "activity/availability"],
  ["log", "activity/messages"],
  ["jobs", "jobs"],
  ["simulators", "simulators"],
  ["commissioning", "commissioning"],
  ["users", "users"],
  ["alerts", "alerts"],
  ["alert-rules", "alerts/rules"],
  ["channels", "alerts/channels"],
  ["webhooks", "webhooks"],
  ["setup", "setup"],
  ["settings", "settings"],
  ["system", "system"],
  ["api", "api"],
];

/** Logs in, as an operator does. */
export async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/admin/`);
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.locator('button[type="submit"]').click();
  await page.locator("nav.side, nav.tabbar").first().waitFor({ state: "attached" });
}

/** Goes to a page of the admin without loading it anew, which keeps the login. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    const link = document.createElement("a");
    link.href = to;
    document.body.append(link);
    link.click();
    link.remove();
  }, `/admin/${path}`);
}

interface Fault {
  impact: string;
  id: string;
  nodes: { target: string[]; any: { message: string }[] }[];
}

/** Returns the serious and critical violations found by axe-core. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })") as {
    violations: Fault[];
  };
  return found.violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ target, any }) => `${id}: ${target.join(" ")} ${any[0]?.message ?? ""}`)
    );
}
