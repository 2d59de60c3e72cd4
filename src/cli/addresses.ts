// The addresses of an installed gateway, printed at the end of an installation.
import { ownAddresses } from "../machine/addresses.ts";
import { CONFIG_FILE, parseSettings } from "../config.ts";
import { recentLog, SERVICE } from "./system/systemd.ts";

/** Returns the port of the installed gateway, read from `settings` or from its configuration file. */
export async function installedPort(settings?: Map<string, string>): Promise<number> {
  const found = settings ?? parseSettings(await Deno.readTextFile(CONFIG_FILE).catch(() => ""));
  return Number(found.get("OCPP_PORT") || 8000);
}

/** Returns the lines to print: URLs for browsers and chargers, the setup code, and the first URL as a QR code. */
export async function addressLines(
  port: number,
  hosts: readonly string[],
  code: string | null = null,
): Promise<string[]> {
  const at = port === 80 ? "" : `:${port}`;
  const urls = ["ocpp.local", ...hosts].map((host) => `http://${host}${at}/`);
  const best = urls[1] ?? urls[0]!;
  return [
    "The gateway is running. Open it in a browser:",
    ...urls.map((url) => `  ${url}`),
    "Chargers connect to:",
    ...(hosts.length ? hosts : ["ocpp.local"]).map((host) => `  ws://${host}${at}/<charger id>`),
    code === null
      ? `If it asks for the one-time setup code: journalctl -u ${SERVICE} | grep code`
      : `One-time setup code: ${code}`,
    await qrText(best),
  ];
}

/** Prints the address lines, with the setup code that the service logged at or after `since` (ms since 1970). */
export async function printAddresses(since: number): Promise<void> {
  const codes = (await recentLog(since)).flatMap((line) => /one-time code (\S+)/.exec(line)?.[1] ?? []);
  console.log((await addressLines(await installedPort(), ownAddresses(), codes.at(-1))).join("\n"));
}

async function qrText(text: string): Promise<string> {
  const { default: qrcode } = await import("qrcode");
  return await qrcode.toString(text, { type: "utf8" });
}
