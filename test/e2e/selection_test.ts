// Work at several chargers that are selected in the list, with the result of each; refused connections are adopted there.
import { assertEquals, assertMatch } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { eventually } from "../kit/eventually.ts";
import { faultsOf, goTo, type Steps, testSteps } from "./admin_page.ts";
import type { Locator, Page } from "./browser.ts";
import { startLivelySite } from "./lively_site.ts";

const STEPS: Steps = {
  "one that is not connected is left out of a limit, and the others have it": async ({ page, site }) => {
    await goTo(page, "chargers");
    for (const name of ["Patio norte 1", "Patio norte 2", "Visitas"]) {
      await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    }
    const bar = page.getByRole("toolbar");
    await bar.getByText("3 selected").waitFor();
    assertEquals(await faultsOf(page), []);
    await bar.getByRole("button", { name: "Limit" }).click();
    await page.getByText("Left out, since they are not connected: 1").waitFor();
    await page.locator("dialog input[name=limit]").fill("12");
    assertEquals(await page.locator("dialog select[name=connector]").count(), 0);
    await page.getByRole("button", { name: "Run at 2" }).click();
    await resultOf(page, "Patio norte 1", "accepted").waitFor();
    await resultOf(page, "Patio norte 2", "accepted").waitFor();
    await resultOf(page, "Visitas", "not connected").waitFor();
    assertEquals(await faultsOf(page), []);
    await page.keyboard.press("Escape");
    for (const id of ["NORTE-1", "NORTE-2"]) {
      const { profiles } = (await site.test.rest("GET", `/ocpp/chargers/${id}/profiles/`)).body;
      assertEquals(
        profiles.map(({ connector_id, profile }: Profile) => [
          connector_id,
          profile.chargingSchedule.chargingSchedulePeriod[0]!.limit,
        ]),
        [[0, 12]],
      );
    }
  },

  "a standard is tried at one charger before the other": async ({ page, site }) => {
    await site.test.rest("PUT", "/ocpp/configuration_templates/Torre", {
      values: { HeartbeatInterval: "77" },
    });
    await page.getByRole("button", { name: "Apply standard" }).click();
    await page.getByRole("button", { name: "Run at 2" }).click();
    await resultOf(page, "Patio norte 1", "1 written").waitFor();
    await resultOf(page, "Patio norte 2", "later").waitFor();
    await page.getByRole("button", { name: "Go on with the other one" }).click();
    await resultOf(page, "Patio norte 2", "1 written").waitFor();
    await page.keyboard.press("Escape");
  },

  "a charger that refuses says so, and the search narrows what is selected": async ({ page, site }) => {
    await page.getByRole("searchbox").fill("norte 2");
    await page.getByRole("toolbar").getByText("1 selected").waitFor();
    site.simulators.get("NORTE-2")!.answer("Reset", () => ({ status: "Rejected" }));
    await page.getByRole("button", { name: "Restart" }).click();
    await page.getByRole("button", { name: "Run at 1" }).click();
    await resultOf(page, "Patio norte 2", "The charger answered: rejected").waitFor();
    await page.keyboard.press("Escape");
  },

  "labels are those of the selection": async ({ page }) => {
    const labels = page.getByRole("toolbar").getByRole("link", { name: "Labels" });
    assertMatch((await labels.getAttribute("href"))!, /labels\?chargers=NORTE-2$/);
    await page.getByRole("button", { name: "Select none" }).click();
    await page.getByRole("toolbar").waitFor({ state: "detached" });
  },

  "a charger that was refused as unknown is adopted by its name, then tested": async ({ page, site }) => {
    await RawClient.connect(site.test.ws_url, { path: "NUEVO-7" }).catch(() => null);
    await eventually(async () =>
      (await site.test.rest("GET", "/ocpp/waiting/?state=refused")).body.knocks.length > 0
    );
    await page.reload();
    const line = page.getByTestId("knocking").getByRole("listitem").filter({ hasText: "NUEVO-7" });
    await line.getByRole("button", { name: "Adopt" }).click();
    await page.locator("dialog input[name=name]").fill("Patio sur");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog h2", { hasText: "Patio sur is adopted" }).waitFor();
    const { body } = await site.test.rest("GET", "/ocpp/chargers/NUEVO-7/");
    assertEquals([body.registration, body.name], ["Accepted", "Patio sur"]);
    await page.getByRole("link", { name: "Test it" }).click();
    await page.waitForURL(/commissioning\?charger=NUEVO-7$/);
  },
};

interface Profile {
  connector_id: number;
  profile: { chargingSchedule: { chargingSchedulePeriod: { limit: number }[] } };
}

testSteps("several chargers are worked at together", STEPS, {
  start: () => startLivelySite({ unknown_chargers: "reject" }),
});

/** The row of a charger in the dialog, once it has a result. */
function resultOf(page: Page, name: string, result: string | RegExp): Locator {
  return page.locator("dialog tr", { hasText: name }).filter({ hasText: result });
}
