// First start in a browser, and a first backup.
import { assert, assertEquals } from "@std/assert";
import { startTestGateway } from "../kit/gateway.ts";
import { goTo } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";

Deno.test({
  name: "the gateway is set up in the browser, and a backup is made and downloaded",
  sanitizeOps: false, // the browser's pipes close behind the test
  sanitizeResources: false,
  async fn() {
    const data_dir = await Deno.makeTempDir();
    const config = { admin_password: null, data_dir, kv: `${data_dir}/gateway.db` };
    const browser = await openBrowser();
    try {
      await using test = await startTestGateway({ config });
      const page = await browser.newPage({ viewport: { width: 360, height: 740 }, locale: "es-MX" });
      page.setDefaultTimeout(15_000);
      await page.goto(test.url);
      await page.getByRole("heading", { name: "Configura el gateway" }).waitFor();
      await page.locator("input[name=code]").fill(test.gateway.setup_code!);
      await page.locator("input[name=password]").fill("una clave larga");
      await page.locator("input[name=again]").fill("otra clave larga");
      await page.locator("input[name=name]").fill("Torre Sur");
      await page.getByTestId("map").click({ position: { x: 150, y: 100 } });
      await page.getByRole("button", { name: "Comenzar" }).click();
      await page.getByText("Las contraseñas no coinciden").waitFor();
      await page.locator("input[name=again]").fill("una clave larga");
      await page.getByRole("button", { name: "Comenzar" }).click();
      await page.getByRole("heading", { name: "Aún no se conecta ningún cargador" }).waitFor();
      const { name, latitude } = test.gateway.services.store.settings;
      assertEquals([name, typeof latitude], ["Torre Sur", "number"]);

      await goTo(page, "system");
      await page.getByRole("button", { name: "Hacer un respaldo ahora" }).click();
      const row = page.locator("tr", { hasText: "gateway-" }).first();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        row.getByRole("button", { name: "Descargar" }).click(),
      ]);
      await download.saveAs(`${data_dir}/downloaded.db`);
      assert((await Deno.stat(`${data_dir}/downloaded.db`)).size > 4096);
    } finally {
      await browser.close();
      await Deno.remove(data_dir, { recursive: true });
    }
  },
});
