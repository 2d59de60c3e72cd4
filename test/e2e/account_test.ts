// One's own login in a browser: the second factor, and the question for the password before users are changed.
import { assertEquals } from "@std/assert";
import { codeAt } from "../../src/http/auth/totp.ts";
import { PASSWORD, startTestGateway } from "../kit/gateway.ts";
import { faultsOf, goTo, logIn } from "./admin_page.ts";
import { openBrowser } from "./browser.ts";

const OPTIONS = { sanitizeOps: false, sanitizeResources: false }; // the browser's pipes close behind the test

Deno.test({
  ...OPTIONS,
  name:
    "the second factor is set up in the browser, asked for at the login, and turned off with a recovery code",
  async fn() {
    let clock = Date.parse("2030-01-01T00:00:00Z");
    await using test = await startTestGateway({ now: () => clock });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: "en" });
      page.setDefaultTimeout(15_000);
      await logIn(page, test.url);
      await page.locator("a.who").click();
      await page.getByText("This login expires on").waitFor();
      assertEquals(await faultsOf(page), []);
      await page.getByRole("button", { name: "Turn on" }).click();
      const secret = await page.getByTestId("secret").textContent() ?? "";
      assertEquals(
        await page.locator("img.qr").evaluate((one: HTMLImageElement) => one.decode().then(() => true)),
        true,
      );
      assertEquals(await faultsOf(page), []);
      await page.locator("dialog input[name=code]").fill(codeAt(secret, clock));
      await page.locator("dialog button[type=submit]").click();
      await page.getByTestId("recovery").waitFor();
      const codes = await page.getByTestId("recovery").locator("li").allTextContents();
      assertEquals(codes.length, 10);
      await page.keyboard.press("Escape");
      await page.getByText("On. Programs that log in").waitFor();

      await page.getByRole("button", { name: "Log out" }).click();
      clock += 3_600_000;
      await page.locator("input[name=password]").fill(PASSWORD);
      await page.locator("button[type=submit]").click();
      await page.locator("input[name=code]").fill("000000");
      await page.locator("button[type=submit]").click();
      await page.getByText("The code is wrong").waitFor();
      assertEquals(await faultsOf(page), []);
      await page.locator("input[name=code]").fill(codeAt(secret, clock));
      await page.locator("button[type=submit]").click();
      await page.locator("a.who").click();

      clock += 3_600_000;
      await page.getByRole("button", { name: "Turn off" }).click();
      await page.locator("dialog button[type=submit]").click();
      const proof = page.getByRole("dialog", { name: "Enter your password again" });
      await proof.locator("input[name=password]").fill(PASSWORD);
      await proof.locator("button[type=submit]").click();
      await proof.locator("input[name=code]").fill(codes[0]!);
      await proof.locator("button[type=submit]").click();
      await page.getByText("Off. When it is on, logging in also needs").waitFor();
      assertEquals(test.gateway.services.store.users.get("admin")!.second_factor, undefined);
    } finally {
      await browser.close();
    }
  },
});

Deno.test({
  ...OPTIONS,
  name: "the admin asks for the password again before users are changed, and goes on with the change",
  async fn() {
    let clock = Date.parse("2030-01-01T00:00:00Z");
    await using test = await startTestGateway({ now: () => clock });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: "es-MX" });
      page.setDefaultTimeout(15_000);
      await logIn(page, test.url);
      clock += 6 * 60_000;
      await goTo(page, "users");
      await page.getByRole("button", { name: "Agregar usuario" }).click();
      await page.locator("dialog input[name=name]").fill("ana");
      await page.locator("dialog input[name=password]").fill("la clave de ana");
      await page.locator("dialog button[type=submit]").click();
      const proof = page.getByRole("dialog", { name: "Tu contraseña otra vez" });
      await proof.locator("input[name=password]").fill("equivocada");
      await proof.locator("button[type=submit]").click();
      await proof.getByText("La contraseña no es correcta").waitFor();
      assertEquals(await faultsOf(page), []);
      await proof.locator("input[name=password]").fill(PASSWORD);
      await proof.locator("button[type=submit]").click();
      await page.locator("td", { hasText: "ana" }).first().waitFor();
      assertEquals(test.gateway.services.store.users.get("ana")!.role, "operator");

      clock += 6 * 60_000;
      await page.getByRole("button", { name: "Cambiar ana" }).click();
      await page.getByText("Desactivado").click();
      await page.getByRole("button", { name: "Guardar" }).click();
      await proof.waitFor();
      await page.keyboard.press("Escape");
      await proof.waitFor({ state: "detached" });
      assertEquals(test.gateway.services.store.users.get("ana")!.disabled ?? false, false, "given up");
      await page.getByRole("button", { name: "Guardar" }).click();
      await proof.locator("input[name=password]").fill(PASSWORD);
      await proof.locator("button[type=submit]").click();
      await page.getByText("(desactivado)").waitFor();
    } finally {
      await browser.close();
    }
  },
});
