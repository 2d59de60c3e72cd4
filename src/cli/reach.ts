// Where people and chargers reach an installed gateway: printed for the one who installs it.
import { ownAddresses } from "../central/reach.ts";
import { CONFIG_FILE } from "./installation.ts";
import { SERVICE } from "./systemd.ts";

/** The port of the installed gateway, by its configuration file. */
export async function installedPort(): Promise<number> {
  const text = await Deno.readTextFile(CONFIG_FILE).catch(() => "");
  return Number(/^OCPP_PORT=(\d+)\s*$/m.exec(text)?.[1] ?? 8000);
}

/** Lines that say how to go on, and the address as a QR code. */
export async function reachLines(port: number, hosts: readonly string[]): Promise<string[]> {
  const at = port === 80 ? "" : `:${port}`;
  const urls = ["ocpp.local", ...hosts].map((host) => `http://${host}${at}/`);
  const best = urls[1] ?? urls[0]!;
  return [
    "The gateway runs. Open it in a browser:",
    ...urls.map((url) => `  ${url}`),
    "Chargers connect to:",
    ...(hosts.length ? hosts : ["ocpp.local"]).map((host) => `  ws://${host}${at}/<charger id>`),
    `The code for set-up is in its log: journalctl -u ${SERVICE} | grep code`,
    await qrText(best),
  ];
}

/** Prints all that. */
export async function printReached(): Promise<void> {
  console.log((await reachLines(await installedPort(), ownAddresses())).join("\n"));
}

async function qrText(text: string): Promise<string> {
  const { default: qrcode } = await import("qrcode");
  return await qrcode.toString(text, { type: "utf8" });
}
