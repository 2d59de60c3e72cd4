// The device behind a charger: another id, and another device in its place, from the charger's Settings.
import { assert, assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { faultsOf, goTo, type Steps, testSteps } from "./admin_page.ts";
import type { Page } from "./browser.ts";
import { type LivelySite, startLivelySite } from "./lively_site.ts";

const STEPS: Steps = {
  "a charger in session keeps its id, and the page says why": async ({ page, site }) => {
    await goTo(page, "chargers/NORTE-1/settings");
    await change(page, "Change the id", "NORTE-1B");
    await page.locator("dialog [role=alert]", { hasText: "session" }).waitFor();
    await page.keyboard.press("Escape");
    assertEquals((await charger(site, "NORTE-1")).identity, "NORTE-1");
  },

  "another id: the charger stays what it was, and the log finds it by either id and by its name": async (
    { page, site },
  ) => {
    await goTo(page, "chargers/TALLER/settings");
    await change(page, "Change the id", "TALLER-B");
    await page.getByText("The charger connects as TALLER-B from now on").waitFor();
    const device = page.locator("section", { hasText: "Replace the device" });
    await device.getByText("Connects with the id TALLER-B").waitFor();
    await device.getByText("TALLER different id until").waitFor();
    const { charger_id, identity, name } = await charger(site, "TALLER-B");
    assertEquals([charger_id, identity, name], ["TALLER", "TALLER-B", "Taller"]);
    for (const text of ["taller-b", "TALLER", "Tall"]) {
      await goTo(page, `activity?group=chargers&charger=${text}`);
      await page.getByText("Fault: ground fault").waitFor();
    }
  },

  "the device is let in under the new id only": async ({ site }) => {
    const refused = await RawClient.connect(site.test.ws_url, { path: "TALLER" }).catch((error) => error);
    assert(refused instanceof Error);
    await using device = await RawClient.connect(site.test.ws_url, { path: "TALLER-B" });
    await device.call("BootNotification", { chargePointVendor: "Voltia", chargePointModel: "AC-22 Duo" });
    assertEquals((await charger(site, "TALLER")).connected, true);
  },

  "another device in its place: name and place stay, the former one is listed": async ({ page, site }) => {
    const before = await charger(site, "TALLER");
    await goTo(page, "chargers/TALLER/settings");
    await change(page, "Replace the device", "TALLER-C", "correct horse");
    await page.getByText("The new device can connect as TALLER-C").waitFor();
    await page.locator("section", { hasText: "Replace the device" }).getByText(
      /TALLER-B AC-22 Duo.* replaced/,
    )
      .waitFor();
    const after = await charger(site, "TALLER");
    assertEquals([after.name, after.latitude, after.identity, after.has_password], [
      before.name,
      before.latitude,
      "TALLER-C",
      true,
    ]);
    assertEquals(await faultsOf(page), []);
  },
};

testSteps("a charger gets another id, and another device takes its place, from its page", STEPS, {
  start: async () => {
    const site = await startLivelySite();
    await site.simulators.get("TALLER")!.kill();
    return site;
  },
});

/** Opens a dialog of the device, fills it and sends it. */
async function change(page: Page, button: string, identity: string, password?: string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  await page.locator("dialog input[name=identity]").fill(identity);
  if (password) await page.locator("dialog input[name=password]").fill(password);
  await page.locator("dialog button[type=submit]").click();
}

async function charger({ test }: LivelySite, id: string) {
  return (await test.rest("GET", `/ocpp/chargers/${id}/`)).body;
}
