// Where people and chargers reach an installed gateway: printed for the one who installs it.
import { ownAddresses } from "../machine/addresses.ts";
import { CONFIG_FILE, readSettings } from "../config.ts";
import { recentLog, SERVICE } from "./system/systemd.ts";

/** The port of the installed gateway, by its configuration file or what shall be in it. */
export async function installedPort(settings?: Map<string, string>): Promise<number> {
  const found = settings ?? readSettings(await Deno.readTextFile(CONFIG_FILE).catch(() => ""));
  return Number(found.get("OCPP_PORT") || 8000);
}

/** Lines that say how to go on, and the address as a QR code. */
export async function reachLines(
  port: number,
  hosts: readonly string[],
  code: string | null = null,
): Promise<string[]> {
  const at = port === 80 ? "" : `:${port}`;
  const urls = ["ocpp.local", ...hosts].map((host) => `http://${host}${at}/`);
  const best = urls[1] ?? urls[0]!;
  return [
    "The gateway runs. Open it in a browser:",
    ...urls.map((url) => `  ${url}`),
    "Chargers connect to:",
    ...(hosts.length ? hosts : ["ocpp.local"]).map((host) => `  ws://${host}${at}/<charger id>`),
    code === null
      ? `Where it asks for the code for set-up: journalctl -u ${SERVICE} | grep code`
      : `The code for set-up: ${code}`,
    await qrText(best),
  ];
}

/** Prints all that, with the code that was printed at or after `since`, ms. */
export async function printReached(since: number): Promise<void> {
  const codes = (await recentLog(since)).flatMap((line) => /one-time code (\S+)/.exec(line)?.[1] ?? []);
  console.log((await reachLines(await installedPort(), ownAddresses(), codes.at(-1))).join("\n"));
}

async function qrText(text: string): Promise<string> {
  const { default: qrcode } = await import("qrcode");
  return await qrcode.toString(text, { type: "utf8" });
}
