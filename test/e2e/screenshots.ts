// `deno task screenshots`: pictures of every page of a busy simulated site, into the given folder.
import { goTo, logIn, PAGES } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";
import { AUTHORIZATION } from "../kit/gateway.ts";
import { type LivelySite, startLivelySite } from "./lively_site.ts";

async function main(
  [folder = "/tmp/screenshots", only = "", sizes = "1440,360", schemes = "light,dark"]: string[],
) {
  await Deno.mkdir(folder, { recursive: true });
  const log_lines: string[] = [];
  await using site = await startLivelySite({}, log_lines);
  await hold(site);
  const browser = await openBrowser();
  await new Promise((resolve) => setTimeout(resolve, 6000));
  for (const width of sizes.split(",").map(Number)) {
    for (const colorScheme of schemes.split(",") as ("light" | "dark")[]) {
      const locale = colorScheme === "dark" ? "es-MX" : "en";
      const page = await browser.newPage({
        timezoneId: "America/Monterrey",
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

/** Creates the OCPP state of chargers, and a template. */
async function hold({ test: { rest, url } }: LivelySite): Promise<void> {
  const order = (id: string, action: string, payload: unknown) =>
    rest("POST", `/ocpp/chargers/${id}/action/`, { action, payload });
  const expiryDate = new Date(Date.now() + 5_400_000).toISOString();
  const chargingSchedule = { chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] };
  await order("NORTE-1", "reserve_now", { connectorId: 2, idTag: "04D4E5F607", expiryDate });
  await order("NORTE-1", "set_charging_profile", {
    connectorId: 1,
    csChargingProfiles: {
      stackLevel: 0,
      chargingProfilePurpose: "TxDefaultProfile",
      chargingProfileKind: "Relative",
      validTo: expiryDate,
      chargingSchedule,
    },
  });
  await order("NORTE-1", "send_local_list", { updateType: "Full" });
  await order("NORTE-1", "get_diagnostics", {});
  await rest("PUT", "/ocpp/configuration_templates/Torre", {
    values: { ConnectionTimeOut: "45", HeartbeatInterval: "600", MeterValueSampleInterval: "30" },
  });
  const headers = AUTHORIZATION;
  await fetch(`${url}/ocpp/firmware/voltia-2.1.0.bin`, { method: "PUT", headers, body: "firmware" });
  await order("NORTE-2", "update_firmware", {});
}

if (import.meta.main) await main(Deno.args);
