// `deno task screenshots`: pictures of every page with a lively simulated site, into the folder that is named.
import type { Page } from "playwright-core";
import { bundle, isFresh } from "../../src/build/bundle.ts";
import { PASSWORD } from "../helper.ts";
import { launchBrowser } from "./browser.ts";
import { startLivelySite } from "./lively_site.ts";

const PAGES: [name: string, path: string][] = [
  ["overview", ""],
  ["chargers", "chargers"],
  ["charger", "chargers/NORTE-1"],
  ["commands", "chargers/NORTE-1/commands"],
  ["messages", "chargers/NORTE-1/messages"],
  ["charts", "chargers/NORTE-1/charts"],
  ["configuration", "chargers/NORTE-1/configuration"],
  ["charger-settings", "chargers/NORTE-1/settings"],
  ["sessions", "sessions"],
  ["rfids", "rfids"],
  ["report", "report"],
  ["map", "map"],
  ["labels", "labels"],
  ["waiting", "waiting"],
  ["log", "log"],
  ["events", "events"],
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

async function main(
  [folder = "/tmp/screenshots", only = "", sizes = "1440,360", schemes = "light,dark"]: string[],
) {
  await Deno.mkdir(folder, { recursive: true });
  if (!await isFresh()) await bundle();
  const log_lines: string[] = [];
  await using site = await startLivelySite({}, log_lines);
  const browser = await launchBrowser();
  await new Promise((resolve) => setTimeout(resolve, 6000));
  for (const width of sizes.split(",").map(Number)) {
    for (const colorScheme of schemes.split(",") as ("light" | "dark")[]) {
      const locale = colorScheme === "dark" ? "es-MX" : "en";
      const page = await browser.newPage({
        viewport: { width, height: width > 800 ? 900 : 780 },
        colorScheme,
        locale,
      });
      page.on("console", (line) => line.type() === "error" && console.error(line.text()));
      page.on("pageerror", (error) => console.error(error.stack));
      await logIn(page, site.test.url);
      for (const [name, path] of PAGES.filter(([name]) => only === "" || only.split(",").includes(name))) {
        await goTo(page, path);
        await page.waitForTimeout(900);
        await page.screenshot({
          path: `${folder}/${name}-${width}-${colorScheme}.png`,
          fullPage: width < 800 && name !== "map",
        });
      }
      await page.close();
    }
  }
  await browser.close();
  const errors = log_lines.filter((line) => line.includes(" error "));
  if (errors.length) console.error(errors.slice(0, 5).join(""));
}

if (import.meta.main) await main(Deno.args);
