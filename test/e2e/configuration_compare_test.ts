// Configuration comparison and OCPP state in a real browser, with simulated chargers.
import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { goTo, type Steps, testSteps } from "./admin_page.ts";
import type { Locator, Page } from "./browser.ts";
import { charge, type LivelySite } from "./lively_site.ts";

const STEPS: Steps = {
  "two chargers are compared, a ticked key is written here, and undone": async ({ page, site }) => {
    await site.test.rest("POST", "/ocpp/chargers/NORTE-2/action/", {
      action: "change_configuration",
      payload: { key: "ConnectionTimeOut", value: "99" },
    });
    await goTo(page, "chargers/TALLER/configuration");
    await page.getByLabel("Compare with").selectOption({ label: "Patio norte 2" });
    const differences = page.locator("tr", { has: page.getByRole("checkbox") }); // the charger's keys are below
    const row = differences.filter({ hasText: "ConnectionTimeOut" }).filter({ hasText: "99" });
    await row.getByRole("checkbox").check();
    await page.getByRole("button", { name: "Write the selected key here" }).click();
    await page.locator("dialog", { hasText: "1 key is written to Taller" }).waitFor();
    await confirm(page);
    await page.locator(".answer", { hasText: "ConnectionTimeOut: written" }).waitFor();
    await row.waitFor({ state: "detached" });
    assertEquals(await valueIn(site, "TALLER", "ConnectionTimeOut"), "99");
    await page.getByRole("button", { name: "Undo the last write" }).click();
    await confirm(page);
    await row.waitFor();
    await page.getByRole("button", { name: "Undo the last write" }).waitFor({ state: "detached" });
    assertEquals(await valueIn(site, "TALLER", "ConnectionTimeOut"), "60");
  },

  "a standard is saved from a charger with the keys that are chosen; secrets are none of them": async (
    { page, site },
  ) => {
    await page.getByRole("button", { name: "Save as standard" }).click();
    const dialog = page.locator("dialog");
    await dialog.locator("input[name=name]").fill("Torre");
    assertEquals(await dialog.getByLabel("AuthorizationKey").count(), 0);
    for (const box of await dialog.getByRole("checkbox").all()) {
      const name = await box.getAttribute("aria-label");
      if (!/^Include (ConnectionTimeOut|ConnectorPhaseRotation)$/.test(name!)) await box.uncheck();
    }
    await dialog.getByLabel("ConnectionTimeOut", { exact: true }).fill("45");
    await dialog.getByLabel("ConnectorPhaseRotation", { exact: true }).fill("0.RST,1.RTS");
    await confirm(page);
    const { body } = await site.test.rest("GET", "/ocpp/configuration_templates/Torre");
    assertEquals(body.values, { ConnectionTimeOut: "45", ConnectorPhaseRotation: "0.RST,1.RTS" });
  },

  "it is applied to two chargers, one of which is restarted for it": async ({ page, site }) => {
    await site.test.rest("POST", "/ocpp/chargers/NORTE-2/action/", {
      action: "change_configuration",
      payload: { key: "ConnectorPhaseRotation", value: "0.RST,1.RTS" },
    });
    await goTo(page, "standards");
    await page.getByRole("button", { name: "Apply" }).click();
    const here = rowOf(page, "Patio norte 2");
    const there = rowOf(page, "Taller");
    await here.locator("summary", { hasText: "1 key" }).waitFor();
    await there.locator("summary", { hasText: "2 keys" }).waitFor();
    await here.getByRole("checkbox").check();
    await there.getByRole("checkbox").check();
    await page.getByRole("button", { name: "Write to the selected chargers" }).click();
    await page.locator("dialog", { hasText: "2 chargers" }).waitFor();
    await confirm(page);
    await here.getByText("1 written", { exact: true }).waitFor();
    await there.getByText("1 written, 1 written, restart required").waitFor();
    await here.locator("summary", { hasText: "0 keys" }).waitFor();
    assertEquals(await valueIn(site, "TALLER", "ConnectionTimeOut"), "45");
    await page.getByText("The changes take effect after a restart of: Taller.").waitFor();
    await page.getByRole("button", { name: "Restart it" }).click();
    await confirm(page);
    await there.getByText("restarting").waitFor();
    await there.getByText("not connected").waitFor();
    await there.getByText("not connected").waitFor({ state: "detached" });
  },

  "a standard is changed and deleted": async ({ page, site }) => {
    await page.getByRole("button", { name: "Change" }).click();
    await page.getByRole("button", { name: "Add a key" }).click();
    await page.locator("dialog input[name=key2]").fill("LightIntensity");
    await page.locator("dialog input[name=value2]").fill("50");
    await confirm(page);
    assertEquals(
      (await site.test.rest("GET", "/ocpp/configuration_templates/Torre")).body.values.LightIntensity,
      "50",
    );
    await page.getByRole("button", { name: "Delete Torre" }).click();
    await confirm(page);
    await page.getByText("No standards yet").waitFor();
  },

  "a connector is reserved from the page, seen at the whole site, and released": async ({ page, site }) => {
    await goTo(page, "chargers/NORTE-2/ocpp");
    await page.getByRole("button", { name: "Reserve a connector" }).click();
    await page.locator("dialog select[name=card]").selectOption("04D4E5F607");
    await page.locator("dialog select[name=connector]").selectOption("1");
    await page.locator("dialog button[type=submit]").click();
    await page.getByTestId("answer").filter({ hasText: "Accepted" }).waitFor();
    await page.keyboard.press("Escape");
    await rowOf(page, "04D4E5F607").filter({ hasText: "reserved" }).waitFor();
    await site.simulators.get("NORTE-2")!.reached("Reserved");
    await goTo(page, "activity/jobs");
    await page.getByRole("button", { name: "Cancel the reservation 04D4E5F607" }).click();
    await confirm(page);
    await rowOf(page, "04D4E5F607").filter({ hasText: "cancelled" }).waitFor();
    await site.simulators.get("NORTE-2")!.reached("Available");
  },

  "the current is limited until a time, the charger tells what holds, and the limit is removed": async (
    { page, site },
  ) => {
    await charge(site.simulators.get("NORTE-2")!, "04D4E5F607");
    await goTo(page, "chargers/NORTE-2/ocpp");
    await page.getByText("There are no limits.").waitFor();
    await page.getByRole("button", { name: "Limit the current" }).click();
    await page.locator("dialog select[name=connector]").selectOption("1");
    await page.locator("dialog input[name=limit]").fill("10");
    await page.locator("dialog input[name=ends]").fill("2035-01-01T10:00");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog").waitFor({ state: "detached" });
    await rowOf(page, "every session").filter({ hasText: "10 A" }).filter({ hasText: "2035" }).waitFor();
    await page.getByRole("button", { name: "Show limit in effect" }).click();
    await page.locator("dialog select[name=connector]").selectOption("1");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog tr", { hasText: /^\d.*10 A$/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Remove the limit 10 A" }).click();
    await confirm(page);
    await page.getByText("There are no limits.").waitFor();
    const { body } = await site.test.rest("GET", "/ocpp/chargers/NORTE-2/profiles/");
    assertEquals(body.profiles, []);
    site.simulators.get("NORTE-2")!.unplug(1);
  },

  "the list of cards is sent whole": async ({ page, site }) => {
    await page.getByRole("button", { name: "Send now" }).click();
    await page.getByText(/Version \d+: 4 cards/).waitFor();
    const { body } = await site.test.rest("GET", "/ocpp/chargers/NORTE-2/local_list/");
    assertEquals(Object.keys(body.tags).length, 4);
  },

  "diagnostics come as a file that is deleted again": async ({ page }) => {
    await page.getByRole("button", { name: "Get diagnostics" }).click();
    await page.locator("dialog button[type=submit]").click();
    await page.getByTestId("answer").waitFor();
    await page.keyboard.press("Escape");
    await rowOf(page, "Diagnostics").filter({ hasText: "uploaded" }).getByRole("link").waitFor();
    await page.getByRole("button", { name: /^Delete .*diagnostics/ }).click();
    await confirm(page);
    await page.getByText("The charger has not uploaded any files.").waitFor();
  },

  "a firmware file is uploaded, and two chargers install it before one's eyes": async ({ page, site }) => {
    await goTo(page, "jobs");
    await page.locator("input[type=file]").setInputFiles({
      name: "voltia 2.1.0.bin",
      mimeType: "application/octet-stream",
      buffer: Buffer.from("firmware"),
    });
    await page.getByRole("link", { name: "voltia_2.1.0.bin" }).waitFor();
    await page.getByRole("button", { name: "Update several chargers" }).click();
    const dialog = page.locator("dialog");
    await dialog.getByText("Left out, since they are not connected: 1").waitFor();
    assert(await dialog.getByRole("checkbox", { name: /^Voltia AC-22 Duo/ }).isChecked());
    await dialog.getByRole("checkbox", { name: /^One first/ }).uncheck();
    await dialog.getByRole("button", { name: "Run at 4" }).click();
    const rows = ["Patio norte 2", "Taller"].map((name) => dialog.locator("tr", { hasText: name }));
    for (const row of rows) await row.filter({ hasText: "running installing" }).waitFor();
    for (const row of rows) await row.filter({ hasText: "done installed" }).waitFor({ timeout: 30_000 });
    await page.keyboard.press("Escape");
    await goTo(page, "activity/jobs");
    await rowOf(page, "Firmware update").filter({ hasText: "done" }).first().waitFor();
    await goTo(page, "jobs");
    await page.getByRole("button", { name: "Delete voltia_2.1.0.bin" }).click();
    await confirm(page);
    await page.getByText("There are no firmware files yet.").waitFor();
    assertEquals((await site.test.rest("GET", "/ocpp/firmware/")).body.firmware, []);
  },

  "a security event is listed when it happens, and certificates can be asked for": async ({ page, site }) => {
    await using client = await RawClient.connect(site.test.ws_url, { path: "SECURE" });
    await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    await goTo(page, "chargers/SECURE/ocpp");
    const event = { type: "TamperDetectionActivated", timestamp: new Date().toISOString(), techInfo: "lid" };
    await client.call("SecurityEventNotification", event);
    await page.locator("tr", { hasText: event.type }).filter({ hasText: "lid" }).waitFor();
    await page.getByRole("button", { name: "Request from the charger" }).first().waitFor();
  },
};

testSteps("the configuration comparison and the OCPP state of chargers", STEPS);

/** Submits the open dialog and waits until it is closed. */
async function confirm(page: Page): Promise<void> {
  await page.locator("dialog button[type=submit]").click();
  await page.locator("dialog").waitFor({ state: "detached" });
}

function rowOf(page: Page, text: string): Locator {
  return page.locator("tbody tr", { hasText: text });
}

/** Returns a key's value in the charger itself. */
async function valueIn({ test }: LivelySite, charger_id: string, key: string): Promise<string> {
  const { body } = await test.rest("POST", `/ocpp/chargers/${charger_id}/action/`, {
    action: "get_configuration",
    payload: { key: [key] },
  });
  return body.response.configurationKey[0].value;
}
