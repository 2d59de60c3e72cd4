// Tests of the admin in a browser: their set-up, navigation, and checks of its pages.
import { assertEquals } from "@std/assert";
import axe from "axe-core";
import { PASSWORD } from "../kit/gateway.ts";
import { openBrowser, type Page } from "./browser.ts";
import { type LivelySite, startLivelySite } from "./lively_site.ts";

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

/** A site, and a window with its admin. */
export interface Stage {
  page: Page;
  site: LivelySite;
}

/** The steps of a test by their names, one after the other in the same window. */
export type Steps = Record<string, (stage: Stage) => Promise<void>>;

interface StageOptions {
  /** Starts the site; left out: as it is. */
  start?: () => Promise<LivelySite>;
}

/** Registers a test of the admin: a site, a desktop's window, logged in. It fails where the page has an error of its own. */
export function testAdmin(
  name: string,
  run: (stage: Stage, t: Deno.TestContext) => Promise<void>,
  { start = startLivelySite }: StageOptions = {},
): void {
  Deno.test({
    name,
    sanitizeOps: false, // the browser's pipes close behind the test
    sanitizeResources: false,
    async fn(t) {
      await using site = await start();
      const browser = await openBrowser();
      try {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en" });
        const page = await context.newPage();
        page.setDefaultTimeout(15_000);
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(String(error.stack)));
        await logIn(page, site.test.url);
        await run({ page, site }, t);
        assertEquals(errors, []);
      } finally {
        await browser.close();
      }
    },
  });
}

/** Registers a test of the admin in steps. */
export function testSteps(name: string, steps: Steps, options: StageOptions = {}): void {
  testAdmin(name, async (stage, t) => {
    for (const [step, run] of Object.entries(steps)) await t.step(step, () => run(stage));
  }, options);
}

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

/** Returns the violations of any severity found by axe-core. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })") as {
    violations: Fault[];
  };
  return found.violations.flatMap(({ id, impact, nodes }) =>
    nodes.slice(0, 3).map(({ target, any }) =>
      `${impact} ${id}: ${target.join(" ")} ${any[0]?.message ?? ""}`
    )
  );
}
