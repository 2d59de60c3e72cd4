// A real Chromium for tests: the system's where there is one, else the one that comes as an npm package.
// The latter has a lock file of its own: Deno downloads all packages of deno.lock, even to start the gateway.
import { tmpdir } from "node:os";
import { type Browser, type BrowserServer, chromium } from "playwright-core";
import { bundle, isFresh } from "../../src/build/bundle.ts";

export type { Browser, Locator, Page } from "playwright-core";

const SYSTEM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The version is in the name, so that a Chromium of another one is not taken for it. */
const SHARED_FOLDER = `${tmpdir()}/ocpp-test-chromium-153`;

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

const PACKAGED = "npm:@sparticuz/chromium@153.0.0";

/**
 * Returns the path of the package's Chromium. It is unpacked into `folder` where it is not there, after a download where the
 * package is not cached (70 MB).
 */
export async function packagedChromium(folder = SHARED_FOLDER): Promise<string> {
  const program = `${folder}/chromium`;
  if (await exists(program)) return program;
  const own = await Deno.makeTempDir();
  await unpack(own);
  // Another process may do the same meanwhile: a folder appears whole, and the first one stays
  await Deno.rename(own, folder).catch(() => Deno.remove(own, { recursive: true }));
  return program;
}

/** The package unpacks into the folder of temporary files. */
async function unpack(folder: string): Promise<void> {
  const script = `import chromium from "${PACKAGED}"; await chromium.executablePath()`;
  const lock = new URL("chromium.lock", import.meta.url).pathname;
  const args = ["eval", "--no-config", "--frozen", `--lock=${lock}`, "--ext=ts", script];
  const command = new Deno.Command(Deno.execPath(), { args, env: { TMPDIR: folder }, stderr: "inherit" });
  if (!(await command.output()).success) throw new Error("Cannot get a Chromium: see above");
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
