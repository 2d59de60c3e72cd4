// Admission of chargers: accepts or refuses a connection before the upgrade to websocket (OCPP-J 1.6 chapter 3).
import { node } from "../../node.ts";
import {
  afterConnecting,
  profileOf,
  refusalOfProfile,
  type Security,
} from "../../site/security/security_profile.ts";
import { identityOf, isFormerIdentity } from "../../site/device_identity.ts";
import { quirksOf } from "../../site/quirks.ts";
import { SIMULATOR_HEADER, type SimulatorClaim } from "../../site/simulated.ts";
import type { Events } from "../../site/events.ts";
import type { CentralSystem } from "../../central/central_system.ts";
import type { Config } from "../../config.ts";
import { describeError, type Log } from "../../log.ts";
import { exceptStorageErrors } from "../../store/kv/commits.ts";
import { chosenFrom } from "../../central/protocols.ts";
import type { Charger, Store } from "../../store/store.ts";
import { chargerIdOf } from "./charger_id.ts";
import { problemOf } from "./client_certificate.ts";
import type { Admission, Denial, UpgradeRequest } from "./handshake.ts";
import { type HostDeps, isBrowser, isForeign, isOwnHost } from "./origin.ts";
import type { ConnectionLimits } from "./connection_limits.ts";
import type { WaitingRoom } from "./waiting_room.ts";

/** The parts that decide on upgrades. */
export interface AdmissionDeps extends HostDeps {
  config: Pick<Config, "chargers" | "public_url">;
  store: Store;
  central: CentralSystem;
  connection_limits: ConnectionLimits;
  waiting_room: WaitingRoom;
  /** The key by which the site's own simulators identify themselves; new in each process. */
  simulator_key: string;
  events: Events;
  log: Log;
}

/** A connection attempt with what is known of its charger. */
interface Caller {
  request: UpgradeRequest;
  /** The id as in the path. */
  id: string;
  /** The id as registered. */
  charger_id: string;
  charger: Charger | undefined;
  /** The key of its Basic credentials, where their user name is the charger's id. */
  key: Uint8Array | null;
}

const PROFILES_KEPT = 2; // from this security profile on, a charger may not go back to a lower one

/** Decides on an upgrade request. The attempt and its outcome are kept in the waiting room. */
export async function admit(request: UpgradeRequest, deps: AdmissionDeps): Promise<Admission | Denial> {
  const denial = refuseHandshake(request) ?? refuseListener(request, deps);
  const id = chargerIdOf(request.path, deps.store.settings.max_id_length);
  if (denial) return refuse(request, id, denial, deps);
  if (id === null) {
    return refuse(
      request,
      id,
      deny(badPath(request.path), "The path does not end with a charger id"),
      deps,
    );
  }
  const verified = await verifyCaller(callerOf(request, id, deps), deps);
  const caller = callerOf(request, id, deps); // the record may have changed meanwhile
  const outcome = verified ? decide(caller, deps) : deny(503, "Too many passwords are being checked");
  if ("status" in outcome) return refuse(request, caller.charger_id, outcome, deps);
  deps.waiting_room.keep(request, caller.charger_id, null);
  return outcome;
}

/** Refuses a handshake that is no websocket handshake (RFC 6455 §4.2.1); Deno would throw. */
function refuseHandshake({ header }: UpgradeRequest): Denial | null {
  if (!/(^|,)\s*upgrade\s*(,|$)/i.test(header("connection") ?? "")) {
    return deny(400, "The header Connection: Upgrade is missing");
  }
  if ((header("sec-websocket-version") ?? "13").trim() !== "13") {
    return deny(426, "Only websocket version 13 is supported");
  }
  if (!header("sec-websocket-key")) return deny(400, "The header Sec-WebSocket-Key is missing");
  return null;
}

function refuseListener(
  { secure, remote_address }: UpgradeRequest,
  { config, connection_limits }: AdmissionDeps,
): Denial | null {
  if (config.chargers === "tls" && !secure) return deny(403, "Chargers must connect by wss://");
  const crowded = connection_limits.refusal(remote_address);
  return crowded === null ? null : deny(429, crowded);
}

function callerOf(request: UpgradeRequest, id: string, { central, store }: AdmissionDeps): Caller {
  const charger_id = central.registeredId(id);
  const charger = store.chargers.get(charger_id);
  return {
    request,
    id,
    charger_id,
    charger,
    key: keyOf(request, [id, charger ? identityOf(charger) : charger_id]),
  };
}

/** Verifies a key that is a word, unless its address has sent too many wrong ones. Resolves with false if too many are waiting. */
async function verifyCaller(caller: Caller, { connection_limits, central }: AdmissionDeps): Promise<boolean> {
  const { charger, key } = caller;
  if (!charger || key === null || !central.keys.needsPreparing(charger, key)) return true;
  if (connection_limits.wrong_keys.retryAfter(senderOf(caller)) > 0) return true;
  return await central.keys.prepare(charger, key);
}

function senderOf({ charger_id, request }: Caller): string {
  return `${charger_id}\0${request.remote_address}`;
}

function decide(caller: Caller, deps: AdmissionDeps): Admission | Denial {
  const { charger_id, charger } = caller;
  const { settings } = deps.store;
  if (charger && isFormerIdentity(charger, caller.id)) {
    return deny(403, `This id is a former one: the charger connects as ${identityOf(charger)}`);
  }
  const certificate = caller.request.certificate
    ? problemOf(caller.request.certificate, charger_id, deps.store)
    : null;
  const page = refusePage(caller, deps);
  if (page !== null) return page;
  if (certificate !== null) return wrongCertificate(caller, certificate, deps);
  if (deps.central.isBlocked(charger_id)) return deny(503, "The charger is disconnected for a test");
  if (!charger && settings.unknown_chargers === "reject") return deny(404, "The charger is unknown");
  const subprotocol = chooseSubprotocol(caller, deps);
  if (typeof subprotocol === "object" && subprotocol !== null) return subprotocol;
  const security = securityOf(caller, deps);
  const refusal = refuseKey(caller, security, deps) ?? refuseProfile(caller, security, deps);
  if (refusal) return refusal;
  const { remote_address } = caller.request;
  const usual = deps.central.usualAddress(charger_id) === remote_address;
  if (!usual && deps.connection_limits.takesOver(charger_id, remote_address)) {
    return deny(429, "Two connections compete for this charger id");
  }
  if (charger) keepReached(caller, charger, security, deps);
  const proved = security.key || security.certificate;
  return { charger_id, subprotocol, proved, simulator: claimOf(caller.request, deps) };
}

/** Returns the identification of a simulator. */
function claimOf({ header }: UpgradeRequest, { simulator_key }: AdmissionDeps): SimulatorClaim {
  const shown = header(SIMULATOR_HEADER);
  if (shown === null) return "none";
  const [given, key] = [node("buffer").Buffer.from(shown), node("buffer").Buffer.from(simulator_key)];
  return given.length === key.length && node("crypto").timingSafeEqual(given, key) ? "proved" : "claimed";
}

/** Refuses a websocket that a web page opens, unless the charger is known to send an Origin. */
function refusePage({ request: { header }, charger }: Caller, deps: AdmissionDeps): Denial | null {
  if (!isBrowser(header) || quirksOf(charger).allow_origin) return null;
  if (isForeign(header) || header("sec-fetch-site") !== null) {
    return deny(403, "A web page may not connect as a charger");
  }
  return isOwnHost(header("host"), deps) ? null : deny(403, "The host name is not that of the gateway");
}

function securityOf({ request, charger, key }: Caller, { central }: AdmissionDeps): Security {
  return {
    secure: request.secure,
    key: key !== null && charger !== undefined && central.keys.isKeyOf(charger, key),
    certificate: Boolean(request.certificate), // checked before
  };
}

/** Refuses a charger with a password that shows neither it nor a certificate (security white paper §3.6). */
function refuseKey(
  caller: Caller,
  security: Security,
  { connection_limits, central }: AdmissionDeps,
): Denial | null {
  const { charger_id, charger, request } = caller;
  if (!charger?.password || security.certificate) return null;
  const who = senderOf(caller);
  if (connection_limits.wrong_keys.retryAfter(who) > 0) {
    return deny(429, "Too many wrong passwords: try again in a minute");
  }
  if (security.key) return null;
  connection_limits.wrong_keys.count(who);
  const missing = request.header("authorization") === null;
  if (!missing) central.incidents.note("WrongKey", charger_id, `From ${request.remote_address}`);
  if (missing) return deny(401, "The charger must send its password");
  return deny(401, caller.key === null ? "The user name must be the charger id" : "The password is wrong");
}

function refuseProfile(
  { charger, charger_id }: Caller,
  security: Security,
  { store, central }: AdmissionDeps,
): Denial | null {
  const below = charger ? refusalOfProfile(charger, security) : null;
  if (below !== null) {
    central.incidents.note("LowerSecurityProfile", charger_id, below);
    return deny(403, below);
  }
  const { min_security_profile } = store.settings;
  if (profileOf(security) >= min_security_profile) return null;
  return deny(403, `The site requires security profile ${min_security_profile} or higher`);
}

function wrongCertificate({ charger_id }: Caller, problem: string, { central }: AdmissionDeps): Denial {
  central.incidents.note("WrongCertificate", charger_id, problem);
  return deny(403, `The client certificate is refused: ${problem}`);
}

/** Stores what follows from a connection: a new key in use replaces the old ones, a higher security profile stays. */
function keepReached(
  { key }: Caller,
  charger: Charger,
  security: Security,
  { store, central, log }: AdmissionDeps,
): void {
  let changed = key && security.key ? central.keys.afterUse(charger, key) : null;
  changed = afterConnecting(changed ?? charger, security) ?? changed;
  const profile = profileOf(security);
  if (profile >= PROFILES_KEPT && profile > ((changed ?? charger).security_profile ?? 0)) {
    changed = { ...(changed ?? charger), security_profile: profile };
  }
  if (!changed) return;
  store.chargers.put(changed).catch(
    exceptStorageErrors((error) => log.error("Cannot store the charger", { error: describeError(error) })),
  );
}

/** Chooses a subprotocol from the offer, in any position. No offer is accepted only where settings allow it (steve#1109). */
function chooseSubprotocol(
  { request, charger }: Caller,
  { store, central }: AdmissionDeps,
): string | null | Denial {
  const offer = request.header("sec-websocket-protocol");
  const spoken = central.protocols.map(({ subprotocol }) => subprotocol).join(" or ");
  if (offer !== null && offer.trim() !== "") {
    const chosen = chosenFrom(offer, central.protocols);
    return chosen?.subprotocol ??
      deny(400, `The subprotocol ${spoken} is not offered: ${offer.slice(0, 100)}`);
  }
  if (store.settings.allow_no_subprotocol || charger?.quirks?.assume_ocpp16) return null;
  return deny(
    400,
    `No subprotocol is offered: ${spoken} is required, unless the charger's setting assumes it`,
  );
}

/** Returns the key of Basic credentials whose user is the charger's id; it is bytes, and may contain colons (OCPP-J 1.6 §6.2). */
function keyOf({ header }: UpgradeRequest, users: string[]): Uint8Array | null {
  const match = /^Basic\s+([A-Za-z0-9+/=]{1,500})\s*$/i.exec(header("authorization") ?? "");
  if (!match) return null;
  const credentials = node("buffer").Buffer.from(match[1]!, "base64");
  for (const user of users) {
    const prefix = node("buffer").Buffer.from(`${user}:`);
    if (credentials.subarray(0, prefix.length).equals(prefix)) return credentials.subarray(prefix.length);
  }
  return null;
}

/** Refuses an attempt. An address that is refused too often gets no reason, and is neither logged nor kept; admitted chargers there still connect. */
function refuse(
  request: UpgradeRequest,
  charger_id: string | null,
  denial: Denial,
  deps: AdmissionDeps,
): Denial {
  const { connection_limits, log, waiting_room } = deps;
  const { path, remote_address: address } = request;
  if (connection_limits.refusals.retryAfter(address) > 0) return deny(429, "Too many refused handshakes");
  if (connection_limits.refusals.count(address)) {
    log.warn("An address is refused too often; it is not logged for a minute", { address });
  } else log.warn("Refused a charger", { path: path.slice(0, 200), address, reason: denial.reason });
  waiting_room.keep(request, charger_id, denial);
  const known = charger_id !== null && deps.store.chargers.get(charger_id) ? charger_id : undefined;
  deps.events.emit("charger_refused", known, () => ({ status: denial.status, address }));
  return denial;
}

/** Returns 400 for a path that is not percent-encoded UTF-8, and 404 for one without an id. */
function badPath(path: string): 400 | 404 {
  try {
    decodeURIComponent(path);
    return 404;
  } catch {
    return 400;
  }
}

function deny(status: Denial["status"], reason: string): Denial {
  return { status, reason };
}

/** Returns the response headers of a denial. */
export function denialHeaders({ status }: Denial): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (status === 401) headers["www-authenticate"] = 'Basic realm="OCPP"';
  if (status === 426) headers["sec-websocket-version"] = "13";
  if (status === 429) headers["retry-after"] = "60";
  return headers;
}

/** Returns a denial as an HTTP response. */
export function denialResponse(denial: Denial): Response {
  return new Response(JSON.stringify({ error: denial.reason }), {
    status: denial.status,
    headers: denialHeaders(denial),
  });
}
