// Simulators in the admin, in a real browser: a charger is cloned, put through a scenario, and watched.
import { assertEquals } from "@std/assert";
import { goTo, logIn } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";
import { startLivelySite } from "./lively_site.ts";

const OPTIONS = { sanitizeOps: false, sanitizeResources: false }; // the browser's pipes close behind the test

Deno.test({
  ...OPTIONS,
  name: "a charger is cloned, and its clone is given a scenario, started and watched",
  async fn() {
    await using site = await startLivelySite();
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ locale: "es-MX" });
      await logIn(page, site.test.url);
      await goTo(page, "chargers/NORTE-1");
      await page.getByRole("button", { name: "Clonar como simulador" }).click();
      await page.getByRole("heading", { name: "NORTE-1 clone" }).waitFor();
      await page.getByText("NORTE-1-SIM").waitFor();
      await page.getByLabel("Escenario").selectOption("plain");
      await page.getByText("Una sesión sin nada raro").waitFor();
      await page.getByRole("button", { name: "Iniciar" }).click();
      await page.getByText("Conector 1").waitFor();
      await page.locator(".msg").first().waitFor();
      await page.getByText("BootNotification").first().waitFor();
      await page.getByText("Todas las opciones").click();
      await page.getByLabel("Marca").fill("Volta");
      await page.getByRole("button", { name: "Guardar" }).click();
      await page.getByText("Guardado").waitFor();
      const { body } = await site.test.rest("GET", "/ocpp/simulators/NORTE-1%20clone/");
      assertEquals(body.vendor, "Volta");
      const secret = page.getByLabel("Contraseña", { exact: false });
      await secret.fill("only for its eyes");
      await page.getByRole("button", { name: "Guardar" }).click();
      await page.waitForFunction(() => document.querySelector('input[placeholder="sin cambios"]'));
      assertEquals(await secret.inputValue(), "");
      await page.getByLabel("Marca").fill("Voltia");
      const [answer] = await Promise.all([
        page.waitForResponse((one) => one.request().method() === "PATCH"),
        page.getByRole("button", { name: "Guardar" }).click(),
      ]);
      assertEquals((await answer.json()).vendor, "Voltia");
      const { simulators } = site.test.gateway.services.store;
      assertEquals(simulators.get("NORTE-1 clone")?.options.password, "only for its eyes");
      await goTo(page, "simulators");
      await page.getByRole("link", { name: "NORTE-1 clone" }).waitFor();
    } finally {
      await browser.close();
    }
  },
});
