// The site's plan in a real browser: upload, placing of chargers, and the conversion of SVG.
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
// @ts-types="@types/pngjs"
import { PNG } from "pngjs";
import { AUTHORIZATION } from "../kit/gateway.ts";
import { planSite, png, upload } from "../http/plan_site.ts";
import { faultsOf, goTo, logIn } from "./admin_page.ts";
import { type Locator, openBrowser, type Page } from "./browser.ts";

interface Stage {
  page: Page;
  url: string;
  /** Returns a charger's stored position. */
  placeOf(id: string): Promise<[x: number, y: number]>;
}

Deno.test({
  name: "chargers stand on the site's plan",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn(t) {
    await using site = await planSite();
    const { rest, url } = site.test;
    for (const charger_id of ["A", "B"]) await rest("POST", "/ocpp/chargers/", { charger_id });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({
        viewport: { width: 1440, height: 900 },
        locale: "en",
        reducedMotion: "reduce",
      });
      page.setDefaultTimeout(15_000);
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error.stack)));
      page.on("dialog", (dialog) => (errors.push("a script ran"), dialog.dismiss()));
      await logIn(page, url);
      const placeOf = async (id: string): Promise<[number, number]> => {
        const { body } = await rest("GET", `/ocpp/chargers/${id}/`);
        return [body.plan_x, body.plan_y];
      };
      for (const [name, step] of Object.entries(STEPS)) {
        await t.step(name, () => step({ page, url, placeOf }));
      }
      assertEquals(errors, []);
    } finally {
      await browser.close();
    }
  },
});

/** 75 % from the left and 25 % from the top, within a pixel. */
const THERE = /↓\s2[45]\.\d\s% →\s7[45]\.\d\s%/;

const STEPS: Record<string, (stage: Stage) => Promise<void>> = {
  "a picture is uploaded through the page, and then comes first": async ({ page }) => {
    await goTo(page, "map");
    await viewOf(page, "Map").waitFor();
    await page.getByRole("link", { name: "Floor plan" }).click();
    await page.getByText("The site has no plan yet").waitFor();
    assertEquals(await faultsOf(page), []);
    await page.locator('input[type="file"]').setInputFiles({
      name: "plan.txt",
      mimeType: "text/plain",
      buffer: Buffer.from(png(800, 400)),
    });
    await page.locator(".leaflet-image-layer").waitFor();
    await isWhole(page);
    await page.reload();
    await viewOf(page, "Floor plan").waitFor();
    await goTo(page, "chargers");
    await goTo(page, "map");
    await viewOf(page, "Floor plan").waitFor();
    await page.locator(".leaflet-image-layer").waitFor();
  },

  "a charger is put by a click, dragged, and stays there": async ({ page, placeOf }) => {
    assertEquals(await page.getByRole("button", { name: "Replace" }).count(), 0);
    await page.getByRole("button", { name: "Move markers" }).click();
    await page.locator(".leaflet-image-layer").click({ force: true });
    await page.getByText("A: location saved").waitFor();
    const [x, y] = await placeOf("A");
    assertAlmostEquals(x, 0.5, 0.01);
    assertAlmostEquals(y, 0.5, 0.01);
    const sheet = (await page.locator(".leaflet-image-layer").boundingBox())!;
    const pin = (await page.locator('[data-id="A"] .pin').boundingBox())!;
    await page.mouse.move(pin.x + pin.width / 2, pin.y + pin.height / 2);
    await page.mouse.down();
    await page.mouse.move(
      pin.x + pin.width / 2 + sheet.width / 4,
      pin.y + pin.height / 2 - sheet.height / 4,
      { steps: 8 },
    );
    await page.mouse.up();
    await page.locator(".attention li", { hasText: THERE }).waitFor();
    const [to_x, to_y] = await placeOf("A");
    assertAlmostEquals(to_x, 0.75, 0.01);
    assertAlmostEquals(to_y, 0.25, 0.01);
    await page.reload();
    await page.locator('[data-id="A"] .pin').waitFor();
    await page.getByText(THERE).waitFor();
    assertEquals(await placeOf("A"), [to_x, to_y]);
  },

  "outside of the edit mode markers stay where they are": async ({ page, placeOf }) => {
    const before = await placeOf("A");
    const pin = (await page.locator('[data-id="A"] .pin').boundingBox())!;
    await page.mouse.move(pin.x + pin.width / 2, pin.y + pin.height / 2);
    await page.mouse.down();
    await page.mouse.move(pin.x + 100, pin.y + 100, { steps: 5 });
    await page.mouse.up();
    assertEquals(await placeOf("A"), before);
    assertEquals(await page.getByText("place saved").count(), 0);
  },

  "a keyboard puts a charger, in percent, and its marker goes there": async ({ page, placeOf }) => {
    await goTo(page, "map/plan");
    await page.getByRole("button", { name: "Move markers" }).click();
    await page.getByLabel("From the top, %").fill("20");
    await page.getByLabel("From the left, %").fill("10");
    await page.keyboard.press("Enter");
    await page.getByText("B: location saved").waitFor();
    assertEquals(await placeOf("B"), [0.1, 0.2]);
    await page.getByLabel("From the left, %").fill("90");
    await page.keyboard.press("Enter");
    await page.getByText(/→\s90\.0\s%/).waitFor();
    const sheet = (await page.locator(".leaflet-image-layer").boundingBox())!;
    const pin = (await page.locator('[data-id="B"]').boundingBox())!;
    assertAlmostEquals((pin.x + 19 - sheet.x) / sheet.width, 0.9, 0.01);
    assertAlmostEquals((pin.y + 46 - sheet.y) / sheet.height, 0.2, 0.02);
    assertEquals(await faultsOf(page), []);
  },

  "one cannot go farther away than the plan": async ({ page }) => {
    for (const out = page.locator(".leaflet-control-zoom-in:not(.leaflet-disabled)"); await out.count();) {
      await out.click();
    }
    for (const out = page.locator(".leaflet-control-zoom-out:not(.leaflet-disabled)"); await out.count();) {
      await out.click();
    }
    await isWhole(page);
  },

  "a drawing that replaces it becomes a picture: its scripts are gone, and it has loaded nothing": async (
    { page, url },
  ) => {
    const asked: string[] = [];
    page.on("request", (request) => void (request.url().includes("foe") && asked.push(request.url())));
    await page.locator('input[type="file"]').setInputFiles({
      name: "plan.svg",
      mimeType: "image/svg+xml",
      buffer: Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" onload="alert(1)"><script>alert(2)</script>` +
          `<style>@import "${url}/foe"; path{fill:url(${url}/foe#p)}</style><image href="${url}/foe" onerror="alert(3)"/>` +
          `<rect width="20" height="20" fill="#ff0000"/></svg>`,
      ),
    });
    await page.waitForFunction(() => {
      const image = document.querySelector<HTMLImageElement>(".leaflet-image-layer");
      return image?.complete && image.naturalWidth === 3000;
    });
    await isWhole(page);
    const source = await page.locator(".leaflet-image-layer").getAttribute("src");
    const answer = await fetch(url + source, { headers: AUTHORIZATION });
    const picture = PNG.sync.read(Buffer.from(await answer.arrayBuffer()));
    assertEquals([picture.width, picture.height], [3000, 1500]);
    assertEquals([...picture.data.subarray(0, 4)], [255, 0, 0, 255]);
    assertEquals([...picture.data.subarray(2900 * 4, 2900 * 4 + 4)], [0, 0, 0, 0]);
    assertEquals(asked, []);
    await page.locator('[data-id="A"] .pin').waitFor();
  },

  "an SVG that cannot be read is refused by the page": async ({ page }) => {
    const buffer = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g></svg>`);
    await page.locator('input[type="file"]').setInputFiles({
      name: "plan.svg",
      mimeType: "image/svg+xml",
      buffer,
    });
    await page.getByText("The browser cannot read the SVG").waitFor();
  },

  "what is no picture is refused with the reason": async ({ page }) => {
    await page.locator('input[type="file"]').setInputFiles({
      name: "plan.png",
      mimeType: "image/png",
      buffer: Buffer.from("<html></html>"),
    });
    await page.getByText("The picture is not PNG, JPEG or WebP").waitFor();
  },

  "it is deleted after a question": async ({ page }) => {
    await page.getByRole("button", { name: "Delete the plan" }).click();
    await page.locator("dialog button[type=submit]").click();
    await page.getByRole("button", { name: "Upload a plan" }).waitFor();
  },

  "a viewer sees the plan and nothing that changes it": async ({ page, url }) => {
    await upload(url, png(800, 400));
    await page.evaluate(() => fetch("/logout", { method: "POST" }));
    const headers = { ...AUTHORIZATION, "content-type": "application/json" };
    const viewer = { name: "vera", password: "correct horse battery", role: "viewer" };
    const made = await fetch(`${url}/ocpp/users/`, { method: "POST", headers, body: JSON.stringify(viewer) });
    await made.body?.cancel();
    await page.goto(`${url}/admin/map`);
    await page.locator('input[name="user"]').fill("vera");
    await page.locator('input[name="password"]').fill(viewer.password);
    await page.locator('button[type="submit"]').click();
    await page.locator('[data-id="A"] .pin').waitFor();
    assertEquals(await page.locator("main input:not([type=search]), main .btn").count(), 0);
  },
};

/** The link of the view that is shown. */
function viewOf(page: Page, name: string): Locator {
  return page.locator(".seg a[aria-current]", { hasText: name });
}

/** Waits until the whole plan is visible and fills its frame. */
async function isWhole(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const [map, sheet] = [".map", ".leaflet-image-layer"].map((name) =>
      document.querySelector(name)!.getBoundingClientRect()
    );
    const [x, y] = [sheet!.width / map!.width, sheet!.height / map!.height];
    return x <= 1 && y <= 1 && Math.max(x, y) > 0.6 && sheet!.x >= map!.x && sheet!.y >= map!.y;
  });
}
