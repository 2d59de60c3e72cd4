// A real Chromium for tests: the system's where there is one, else the one that comes as an npm package.
// The latter has a lock file of its own: Deno downloads all packages of deno.lock, even to start the gateway.
import { type Browser, type BrowserServer, chromium } from "playwright-core";
import { bundle, isFresh } from "../../src/build/bundle.ts";

export type { Browser, Locator, Page } from "playwright-core";

const SYSTEM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The variable in which `test/main.ts` gives test files the address of the browser that they share. */
export const BROWSER_VARIABLE = "TEST_BROWSER";

/**
 * Opens the browser that all test files share, for which `test/main.ts` has bundled the admin. A test file that runs alone
 * bundles it where it is stale, and gets a browser of its own.
 */
export async function openBrowser(): Promise<Browser> {
  const shared = Deno.env.get(BROWSER_VARIABLE);
  if (shared !== undefined) return await chromium.connect(shared);
  if (!await isFresh()) await bundle();
  return await chromium.launch(await launchOptions());
}

/** Starts a headless Chromium that several programs can use at once, each with contexts of its own. */
export async function serveBrowser(): Promise<BrowserServer> {
  return await chromium.launchServer(await launchOptions());
}

/** Of the package's own arguments none is used: `--single-process` among them ends the browser with a context. */
async function launchOptions(): Promise<{ executablePath: string; args: string[] }> {
  return { executablePath: await pathOfChromium(), args: ["--no-sandbox"] };
}

async function pathOfChromium(): Promise<string> {
  for (const path of SYSTEM) if (await exists(path)) return path;
  return await packagedChromium();
}

const PACKAGED =
  `import chromium from "npm:@sparticuz/chromium@153.0.0"; console.log(await chromium.executablePath())`;

/** Downloads the package (70 MB) where it is not cached, unpacks it, and returns the path of its Chromium. */
async function packagedChromium(): Promise<string> {
  const lock = new URL("chromium.lock", import.meta.url).pathname;
  const args = ["eval", "--no-config", "--frozen", `--lock=${lock}`, "--ext=ts", PACKAGED];
  const { success, stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  if (!success) throw new Error("Cannot get a Chromium: see above");
  return new TextDecoder().decode(stdout).trim();
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
