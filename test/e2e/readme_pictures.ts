// `deno task pictures`: the pictures of README.md, of the site of `picture_site.ts`.
import { goTo, logIn } from "./admin_page.ts";
import { type Browser, openBrowser } from "./browser.ts";
import { PICTURE_TIME, type PictureSite, startPictureSite } from "./picture_site.ts";

const FOLDER = new URL("../../static/readme/", import.meta.url).pathname;

interface Picture {
  /** Path below the gateway's address. */
  path: string;
  width: number;
  height: number;
  colorScheme: "light" | "dark";
  ready: string;
}

const PICTURES: Record<string, Picture> = {
  home: { path: "", width: 1280, height: 860, colorScheme: "dark", ready: "[data-testid=power-now]" },
  history: {
    path: "chargers/NORTE-1/history?day=2026-06-23",
    width: 1280,
    height: 860,
    colorScheme: "light",
    ready: "canvas",
  },
  landing: { path: "/ocpp/c/NORTE-1/", width: 390, height: 760, colorScheme: "light", ready: "main" },
};

async function main(): Promise<void> {
  await using site = await startPictureSite();
  const browser = await openBrowser();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  for (const [name, picture] of Object.entries(PICTURES)) await take(browser, site, { name, ...picture });
  await browser.close();
}

async function take(browser: Browser, { test: { url } }: PictureSite, picture: Picture & { name: string }) {
  const { name, path, width, height, colorScheme, ready } = picture;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
    locale: "en-GB",
    timezoneId: "America/Monterrey",
  });
  await page.clock.install({ time: PICTURE_TIME });
  await page.addInitScript(() => localStorage.setItem("first_steps_hidden", "1"));
  if (path.startsWith("/")) await page.goto(url + path);
  else {
    await logIn(page, url);
    await goTo(page, path);
  }
  await page.locator(ready).first().waitFor();
  await page.mouse.move(0, 0);
  await page.waitForTimeout(2500);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  await page.close();
}

if (import.meta.main) await main();
