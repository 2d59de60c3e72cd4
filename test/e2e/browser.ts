// A real Chromium for tests: the system's where there is one, else the one that comes as an npm package.
// Named here and not in deno.json: what stands there is fetched by everyone who starts the gateway.
import { type Browser, chromium } from "npm:playwright-core@1.65.1";

export type { Browser, Locator, Page } from "npm:playwright-core@1.65.1";

const SYSTEM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Starts a headless Chromium. */
export async function launchBrowser(): Promise<Browser> {
  for (const executablePath of SYSTEM) {
    if (await exists(executablePath)) {
      return await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    }
  }
  const { default: packaged } = await import("npm:@sparticuz/chromium@153.0.0");
  const executablePath = await packaged.executablePath();
  return await chromium.launch({
    executablePath,
    args: packaged.args.filter((arg) => !arg.startsWith("--headless")),
  });
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
