// Who may connect as a charger: everything is decided here, before the upgrade (OCPP-J 1.6 chapter 3).
import { Buffer } from "node:buffer";
import { keyMatches } from "../actions/charger_key.ts";
import type { Charger } from "../store/store.ts";
import { chargerIdOf } from "./charger_id.ts";
import type { Services } from "./services.ts";

/** A request for an upgrade, whichever listener it came through. */
export interface UpgradeRequest {
  /** The path as sent, percent-encoded, without the query. */
  path: string;
  header(name: string): string | null;
  remote_address: string;
  secure: boolean;
}

/** Let in: the id as registered, and the subprotocol to answer with (null: none was offered). */
export interface Admission {
  charger_id: string;
  protocol: "ocpp1.6" | null;
}

/** Not let in. */
export interface Denial {
  status: 400 | 401 | 403 | 404 | 426 | 429 | 503;
  reason: string;
}

/** Decides on an upgrade. */
export function admit(request: UpgradeRequest, services: Services): Admission | Denial {
  return refuseHandshake(request) ?? refuseListener(request, services) ?? admitCharger(request, services);
}

/** What makes it no websocket at all (RFC 6455 §4.2.1); Deno would throw. */
function refuseHandshake({ header }: UpgradeRequest): Denial | null {
  if (!/(^|,)\s*upgrade\s*(,|$)/i.test(header("connection") ?? "")) {
    return deny(400, "The header Connection: Upgrade is missing");
  }
  if ((header("sec-websocket-version") ?? "13").trim() !== "13") {
    return deny(426, "Only websocket version 13 is spoken here");
  }
  if (!header("sec-websocket-key")) return deny(400, "The header Sec-WebSocket-Key is missing");
  return null;
}

function refuseListener(
  { secure, remote_address }: UpgradeRequest,
  { config, doormen }: Services,
): Denial | null {
  if (config.chargers === "tls" && !secure) return deny(403, "Chargers connect by wss:// only");
  const crowded = doormen.refusal(remote_address);
  return crowded === null ? null : deny(429, crowded);
}

function admitCharger(request: UpgradeRequest, services: Services): Admission | Denial {
  const id = chargerIdOf(request.path);
  if (id === null) return deny(404, "The path does not end with a charger id");
  const charger_id = services.central.registeredId(id);
  const charger = services.store.chargers.get(charger_id);
  const { unknown_chargers } = services.store.settings;
  if (!charger && unknown_chargers === "reject") return deny(404, "This charger is not known here");
  const protocol = chooseProtocol(request.header("sec-websocket-protocol"), charger, services);
  if (typeof protocol === "object" && protocol !== null) return protocol;
  if (charger?.password && !hasKey(request, id, charger)) {
    return deny(401, "User name or password is wrong or missing");
  }
  return { charger_id, protocol };
}

/** `ocpp1.6` wherever it stands in the offer; no offer only where that is allowed (steve#1109). */
function chooseProtocol(
  offer: string | null,
  charger: Charger | undefined,
  services: Services,
): "ocpp1.6" | null | Denial {
  if (offer !== null && offer.trim() !== "") {
    if (offer.split(",").some((protocol) => protocol.trim().toLowerCase() === "ocpp1.6")) return "ocpp1.6";
    return deny(400, `The subprotocol ocpp1.6 is not in the offer: ${offer.slice(0, 100)}`);
  }
  if (services.store.settings.allow_no_subprotocol || assumesOcpp16(charger)) return null;
  return deny(400, "No subprotocol is offered: ocpp1.6 is needed, or the charger's setting to assume it");
}

function assumesOcpp16(charger: Charger | undefined): boolean {
  return (charger as { quirks?: { assume_ocpp16?: boolean } } | undefined)?.quirks?.assume_ocpp16 === true;
}

/** HTTP Basic with the charger's id as user; the key is bytes, and may hold colons (OCPP-J 1.6 §6.2). */
function hasKey({ header }: UpgradeRequest, id: string, charger: Charger): boolean {
  const match = /^Basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(header("authorization") ?? "");
  if (!match || !charger.password) return false;
  const credentials = Buffer.from(match[1]!, "base64");
  for (const user of [id, charger.charger_id]) {
    const prefix = Buffer.from(`${user}:`);
    if (credentials.subarray(0, prefix.length).equals(prefix)) {
      return keyMatches(charger.password, credentials.subarray(prefix.length));
    }
  }
  return false;
}

function deny(status: Denial["status"], reason: string): Denial {
  return { status, reason };
}

/** A denial as an HTTP answer. */
export function denialResponse({ status, reason }: Denial): Response {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (status === 401) headers["www-authenticate"] = 'Basic realm="OCPP"';
  if (status === 426) headers["sec-websocket-version"] = "13";
  if (status === 429) headers["retry-after"] = "60";
  return new Response(JSON.stringify({ error: reason }), { status, headers });
}
