// The address of a charger's landing page, as drivers' phones reach it.
import type { Config } from "../../config.ts";

const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Returns the absolute URL of a charger's landing page, which is in its QR code. */
export function landingUrl(
  { config }: { config: Pick<Config, "public_url" | "port"> },
  request: Request,
  charger_id: string,
): string {
  return `${config.public_url ?? originOf(request, config.port)}/ocpp/c/${encodeURIComponent(charger_id)}/`;
}

/** Returns scheme and host of a request; an invalid Host header is replaced. */
function originOf(request: Request, port: number): string {
  const { protocol, host } = new URL(request.url);
  const asked = request.headers.get("host") ?? host;
  const named = asked.length <= 255 && HOST.test(asked) ? asked.toLowerCase() : `localhost:${port}`;
  return `${protocol === "https:" ? "https" : "http"}://${named}`;
}
