// The clicks that everyday work takes.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { goTo, logIn } from "./admin_page.ts";
import { type Locator, openBrowser, type Page } from "./browser.ts";
import { type LivelySite, simulatorOf, startLivelySite } from "./lively_site.ts";

interface Stage {
  page: Page;
  site: LivelySite;
  /** Clicks, and counts it. */
  click: (what: Locator) => Promise<void>;
}

interface Flow {
  /** The page where it begins. */
  from: string;
  most: number;
  run: (stage: Stage) => Promise<void>;
}

const FLOWS: Record<string, Flow> = {
  "adopt a charger that waits, with a name": {
    from: "",
    most: 2,
    run: async ({ page, site, click }) => {
      const reason = page.getByTestId("needs").getByRole("listitem").filter({ hasText: "NUEVO-1" });
      await click(reason.getByRole("button", { name: "Adopt" }));
      await page.locator("dialog input[name=name]").fill("Patio sur");
      await click(page.locator("dialog button[type=submit]"));
      await page.getByText("Patio sur is adopted").waitFor();
      const { body } = await site.test.rest("GET", "/ocpp/chargers/NUEVO-1/");
      assertEquals([body.registration, body.name], ["Accepted", "Patio sur"]);
    },
  },
  "why a charger does not charge": {
    from: "",
    most: 1,
    run: async ({ page, click }) => {
      const reason = page.getByTestId("needs").getByRole("listitem").filter({ hasText: "Taller" });
      await reason.getByText("RCD tripped").waitFor();
      await click(reason.getByRole("link", { name: "Taller" }));
      await page.getByTestId("diagnosis").getByText("RCD tripped").waitFor();
    },
  },
  "start a session without typing a card": {
    from: "chargers/NORTE-2",
    most: 3,
    run: async ({ page, site, click }) => {
      site.simulators.get("NORTE-2")!.plugIn(1);
      await click(page.getByRole("button", { name: "Start charging" }));
      await page.locator("dialog select[name=card]").waitFor();
      await click(page.locator("dialog button[type=submit]"));
      await page.getByTestId("answer").filter({ hasText: "Accepted" }).waitFor();
    },
  },
  "limit a connector": {
    from: "chargers/NORTE-2",
    most: 3,
    run: async ({ page, click }) => {
      await click(page.getByRole("button", { name: "Limit", exact: true }));
      await page.locator("dialog input[name=limit]").fill("10");
      await click(page.locator("dialog button[type=submit]"));
      await page.getByTestId("limits").getByText("Limit of 10 A for").waitFor();
      await page.locator(".toast", { hasText: "The limit is set" }).getByRole("button", { name: "Undo" })
        .click();
      await page.getByTestId("limits").getByText("Limit of 10 A for").waitFor({ state: "detached" });
    },
  },
  "export one person's last month": {
    from: "rfids",
    most: 3,
    run: async ({ page, click }) => {
      const row = page.locator("tbody tr", { hasText: "Ana Garza" });
      await click(row.locator('a[href^="/admin/sessions"]'));
      await click(page.getByRole("button", { name: "Last month" }));
      const [saved] = await Promise.all([
        page.waitForEvent("download"),
        click(page.getByRole("button", { name: "CSV" })),
      ]);
      assertEquals(saved.suggestedFilename(), "sessions.csv");
      assertEquals(new URL(page.url()).search, "?id_tag=04A1B2C3D4&period=last_month");
    },
  },
};

Deno.test({
  name: "everyday work takes few clicks",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn(t) {
    await using site = await startLivelySite({ unknown_chargers: "pending" });
    const fresh = simulatorOf(site.test, "NUEVO-1");
    void fresh.start();
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en" });
      page.setDefaultTimeout(15_000);
      await logIn(page, site.test.url);
      for (const [name, { from, most, run }] of Object.entries(FLOWS)) {
        await t.step(name, async () => {
          await goTo(page, from);
          let clicks = 0;
          const click = async (what: Locator) => {
            clicks++;
            await what.click();
          };
          await run({ page, site, click });
          console.log(`${name}: ${clicks} clicks`);
          assert(clicks <= most, `${clicks} clicks`);
          await page.keyboard.press("Escape");
        });
      }
      await t.step(
        "sessions by holder have the gateway's sums, and the address keeps the choice",
        async () => {
          await goTo(page, "sessions?period=all&group=holder");
          const sums = page.getByTestId("groups");
          await sums.locator("tbody tr", { hasText: "Ana Garza" }).waitFor();
          const { totals } = (await site.test.rest("GET", "/ocpp/energy/?from=2010-01-01")).body;
          const shown = sums.locator("tfoot td").nth(1);
          assertEquals(await shown.textContent(), String(totals.sessions));
          await page.reload();
          await sums.locator("tbody tr", { hasText: "Ana Garza" }).waitFor();
        },
      );
      await t.step(
        "sessions name the holder, and a month's sums lead to the holder's statement",
        async () => {
          await goTo(page, "sessions");
          await page.locator("tbody tr", { hasText: "Ana Garza" }).first().waitFor();
          await goTo(page, "sessions?period=month&group=holder");
          const statement = page.getByTestId("groups").getByRole("link", { name: "Ana Garza" });
          assertMatch(
            (await statement.getAttribute("href"))!,
            /\/statement\/\?month=\d{4}-\d\d.*holder=Ana\+Garza$/,
          );
        },
      );
      await t.step("Home tells first who needs somebody, then power, who charges, and energy", async () => {
        await page.setViewportSize({ width: 390, height: 844 });
        await goTo(page, "");
        await page.getByTestId("running").waitFor();
        const parts = ["needs", "power-now", "running", "month"].map((id) => page.getByTestId(id));
        const tops = await Promise.all(parts.map(async (part) => (await part.boundingBox())!.y));
        await page.setViewportSize({ width: 1440, height: 900 });
        assertEquals(tops, tops.toSorted((a, b) => a - b));
      });
      await t.step("the first steps are done by what the gateway has", async () => {
        await goTo(page, "");
        const steps = page.getByTestId("steps").getByRole("listitem");
        await steps.first().waitFor();
        const open = steps.filter({ hasNotText: "done" });
        assertEquals(await open.allTextContents(), ["Test it: a commissioning record", "Print its label"]);
      });
    } finally {
      await browser.close();
      await fresh.kill();
    }
  },
});
