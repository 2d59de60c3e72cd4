// Restoring a backup in the browser, at the set-up of a new machine and in the admin; the gateway is a process.
import { assertEquals, assertMatch } from "@std/assert";
import { type GatewayProcess, spawnGateway, tempDir } from "../faults/gateway_process.ts";
import { PASSWORD } from "../kit/gateway.ts";
import { goTo } from "./admin_page.ts";
import { openBrowser, type Page } from "./browser.ts";

const OPTIONS = { sanitizeOps: false, sanitizeResources: false }; // the browser's pipes close behind the test

/** Makes a backup of a gateway of that name; returns its file. */
async function backUp(gateway: GatewayProcess, folder: string, name: string): Promise<string> {
  await gateway.rest("PATCH", "/ocpp/settings/", { name });
  const { body } = await gateway.rest("POST", "/ocpp/backups/");
  return `${folder}/backups/${body.name}`;
}

/** Logs in where the page asks for it. */
async function logIn(page: Page): Promise<void> {
  await page.locator("input[name=user]").waitFor();
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("button[type=submit]").click();
}

Deno.test({
  ...OPTIONS,
  name: "set-up brings a backup of the old machine back, and the page comes back to the login by itself",
  async fn() {
    await using old_machine = await tempDir();
    await using new_machine = await tempDir();
    await using old = await spawnGateway({ data_dir: old_machine.path });
    const file = await backUp(old, old_machine.path, "Torre Norte");
    const env = { OCPP_ADMIN_PASSWORD: "" };
    await using gateway = await spawnGateway({ data_dir: new_machine.path, env });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 360, height: 740 }, locale: "es-MX" });
      page.setDefaultTimeout(20_000);
      await page.goto(gateway.url);
      await page.getByRole("button", { name: "De un respaldo" }).click();
      assertEquals(await page.locator("input[name=password]").count(), 0);
      await page.locator("input[name=code]").fill("ñ wrong");
      await page.locator("input[type=file]").setInputFiles(file);
      await page.locator("button[type=submit]").click();
      assertMatch(
        await page.getByRole("alert").textContent() ?? "",
        /código de configuración no es correcto/,
      );
      await page.locator("input[name=code]").fill(await gateway.setupCode());
      await page.locator("button[type=submit]").click();
      await page.getByText("El gateway arranca de nuevo con el respaldo").waitFor();
      await logIn(page);
      await page.getByRole("heading", { name: "Aún no se conecta ningún cargador" }).waitFor();
      assertEquals((await gateway.rest("GET", "/ocpp/settings/")).body.name, "Torre Norte");
    } finally {
      await browser.close();
    }
  },
});

Deno.test({
  ...OPTIONS,
  name: "the admin restores a backup, says so, and waits until the gateway is back",
  async fn() {
    await using folder = await tempDir();
    await using gateway = await spawnGateway({ data_dir: folder.path });
    const file = await backUp(gateway, folder.path, "before");
    await gateway.rest("PATCH", "/ocpp/settings/", { name: "after" });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ locale: "en" });
      page.setDefaultTimeout(20_000);
      await page.goto(`${gateway.url}/admin/`);
      await logIn(page);
      await page.locator(".brand b", { hasText: "after" }).waitFor();
      await goTo(page, "system");
      await page.getByRole("button", { name: "Restore from a file" }).click();
      const dialog = page.locator("dialog");
      await dialog.getByText("The gateway restarts at once").waitFor();
      const song = `${folder.path}/song.db`;
      await Deno.writeTextFile(song, "la ".repeat(3000));
      await dialog.locator("input[type=file]").setInputFiles(song);
      await dialog.locator("button[type=submit]").click();
      await page.getByText("The backup is neither an archive nor a database").waitFor();
      await dialog.locator("input[type=file]").setInputFiles(file);
      await dialog.locator("button[type=submit]").click();
      await logIn(page); // the backup is older than the login; a fast machine is back before the dialog says it waits
      await page.locator(".brand b", { hasText: "before" }).waitFor();
    } finally {
      await browser.close();
    }
  },
});

Deno.test({
  ...OPTIONS,
  name: "the admin sets the passphrase, shows that keys are in the next backup, and restores with it",
  async fn() {
    await using folder = await tempDir();
    await using gateway = await spawnGateway({ data_dir: folder.path });
    await Deno.writeTextFile(`${folder.path}/site_ca.pem`, "a certificate");
    await Deno.writeTextFile(`${folder.path}/site_ca_key.pem`, "-----BEGIN PRIVATE KEY-----");
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ locale: "en" });
      page.setDefaultTimeout(20_000);
      await page.goto(`${gateway.url}/admin/`);
      await logIn(page);
      await page.locator(".brand b").waitFor();
      await goTo(page, "system");
      await page.getByText("Backups contain no private keys").waitFor();
      await page.getByText("lost with it").waitFor();
      await page.getByRole("button", { name: "Passphrase and copies" }).click();
      const dialog = page.locator("dialog");
      await dialog.locator("input[name=passphrase]").fill("correct horse battery staple");
      await dialog.locator("input[name=backup_s3_url]").fill("http://127.0.0.1:9/depot");
      await dialog.locator("button[type=submit]").click();
      await page.getByText("http://127.0.0.1:9/depot").waitFor();
      assertEquals(await page.getByText("Backups contain no private keys").count(), 0);
      await page.getByRole("button", { name: "Create a backup now" }).click();
      await page.getByText("with keys, encrypted").waitFor();
      await page.getByRole("button", { name: "Copy now" }).click();
      await page.getByText("the access key or the secret key is not set").waitFor();
      const { body } = await gateway.rest("GET", "/ocpp/backups/");
      await page.getByRole("button", { name: "Restore from a file" }).click();
      await dialog.locator("input[type=file]").setInputFiles(
        `${folder.path}/backups/${body.backups[0].name}`,
      );
      await dialog.locator("input[name=passphrase]").fill("wrong horse battery staple");
      await dialog.locator("button[type=submit]").click();
      await page.getByText("this passphrase does not open").waitFor();
      await dialog.locator("input[name=passphrase]").fill("correct horse battery staple");
      await dialog.locator("button[type=submit]").click();
      await logIn(page);
    } finally {
      await browser.close();
    }
  },
});
