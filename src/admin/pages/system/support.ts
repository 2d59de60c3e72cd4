// The support bundle: data for finding a fault, without secrets.
import { chargerPath, send } from "../../api.ts";
import { allChargers, recent, sessions, settings } from "../../live.ts";

const SECRET = /passw|secret|token|key$|psk|wpa/i;

/** Collects the state of the gateway and its chargers; tags are shortened, secrets masked. */
export async function supportBundle(): Promise<unknown> {
  const may = (path: string) =>
    send("GET", path).then((answer) => answer.json()).catch((error) => ({ error: String(error.message) }));
  const chargers = await Promise.all(
    allChargers().slice(0, 100).map(({ charger_id }) => may(chargerPath(charger_id))),
  );
  const bundle = {
    made_at: new Date().toISOString(),
    browser: navigator.userAgent,
    health: await may("/healthz"),
    system: await may("/ocpp/system/"),
    clock: await may("/ocpp/clock/"),
    waiting: await may("/ocpp/waiting/"),
    settings: settings.value,
    sessions: [...sessions.value.values()],
    events: recent.value,
    chargers,
  };
  return masked(bundle);
}

function masked(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, name));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, key)]));
  }
  if (typeof value !== "string" || value === "") return value;
  if (SECRET.test(name)) return "***";
  return /^(id_?tag|parent_id_?tag|rfid)$/i.test(name) ? `${value.slice(0, 2)}…${value.slice(-2)}` : value;
}
