// Home Assistant's device-based discovery (2024.11 and newer): a device for each charger, and one for the gateway.
import { VERSION } from "../../../version.ts";
import type { Charger } from "../../../store/store.ts";
import type { Topics } from "./topics.ts";

/** A discovery message. */
export interface Discovery {
  topic: string;
  payload: Record<string, unknown>;
}

/** The facts that all devices share. */
export interface DiscoveryOptions {
  topics: Topics;
  /** The first part of discovery topics: `homeassistant`. */
  prefix: string;
  site_id: string;
  site_name: string;
  /** The gateway's address; null: it is not known. */
  url: string | null;
  /** True: there are switches, buttons and numbers as well. */
  commands: boolean;
}

const STATUSES = [
  "Available",
  "Preparing",
  "Charging",
  "SuspendedEV",
  "SuspendedEVSE",
  "Finishing",
  "Reserved",
  "Unavailable",
  "Faulted",
];
const MAX_A = 80;

/** Returns the discovery message of a charger with the connectors that it has reported. */
export function chargerDiscovery(charger: Charger, options: DiscoveryOptions): Discovery {
  const { topics, prefix, url, commands } = options;
  const { charger_id, name, vendor, model, serial_number, firmware_version } = charger;
  const id = deviceId(charger_id, options);
  const connectors = charger.connectors.map(({ connector_id }) => connector_id).filter((n) => n > 0);
  const components = Object.assign(
    { connected: connectedSensor(id, topics.charger(charger_id, "state")) },
    ...connectors.map((n) =>
      connectorComponents({ id, n, one: connectors.length === 1, charger_id }, options)
    ),
    commands ? { restart: restartButton(id, topics, charger_id) } : {},
  );
  return {
    topic: `${prefix}/device/${id}/config`,
    payload: {
      device: defined({
        identifiers: [id],
        name: name || charger_id,
        manufacturer: vendor,
        model,
        serial_number,
        sw_version: firmware_version,
        via_device: deviceId(null, options),
        configuration_url: url && `${url}/admin/chargers/${encodeURIComponent(charger_id)}`,
      }),
      origin: ORIGIN,
      availability: [{ topic: topics.status }],
      qos: 1,
      components,
    },
  };
}

/** Returns the discovery message of the gateway: the site's power, sessions, and whether all is well. */
export function siteDiscovery(options: DiscoveryOptions): Discovery {
  const { topics, prefix, site_name, url } = options;
  const id = deviceId(null, options);
  const on_site = { state_topic: topics.site };
  return {
    topic: `${prefix}/device/${id}/config`,
    payload: {
      device: defined({
        identifiers: [id],
        name: site_name || "OCPP gateway",
        model: "OCPP gateway",
        sw_version: VERSION,
        configuration_url: url && `${url}/admin/`,
      }),
      origin: ORIGIN,
      availability: [{ topic: topics.status }],
      qos: 1,
      components: {
        power: { ...on_site, ...POWER, unique_id: `${id}_power`, name: "Power" },
        sessions: {
          ...on_site,
          platform: "sensor",
          unique_id: `${id}_sessions`,
          name: "Charging sessions",
          value_template: "{{ value_json.sessions }}",
          state_class: "measurement",
          icon: "mdi:ev-station",
        },
        problem: {
          ...on_site,
          platform: "binary_sensor",
          unique_id: `${id}_problem`,
          name: "Alarm",
          device_class: "problem",
          value_template: "{{ 'ON' if value_json.alarms | length > 0 else 'OFF' }}",
        },
      },
    },
  };
}

/** Returns the topic of a charger's discovery message; null: that of the gateway. */
export function discoveryTopic(charger_id: string | null, options: DiscoveryOptions): string {
  return `${options.prefix}/device/${deviceId(charger_id, options)}/config`;
}

const ORIGIN = { name: "ocpp-gateway", sw_version: VERSION };

const POWER = {
  platform: "sensor",
  device_class: "power",
  unit_of_measurement: "W",
  state_class: "measurement",
  value_template: "{{ value_json.power_w }}",
};

/** Device ids are of letters, digits, `_` and `-` only: other characters of a charger's id become their code. */
function deviceId(charger_id: string | null, { site_id }: Pick<DiscoveryOptions, "site_id">): string {
  const own = charger_id?.replace(/[^a-zA-Z0-9-]/g, (char) => `_${char.codePointAt(0)!.toString(16)}_`);
  return own === undefined ? `ocppgw_${site_id}` : `ocppgw_${site_id}_${own}`;
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ""));
}

function connectedSensor(id: string, state_topic: string) {
  return {
    platform: "binary_sensor",
    unique_id: `${id}_connected`,
    name: "Connected",
    device_class: "connectivity",
    entity_category: "diagnostic",
    state_topic,
    value_template: "{{ 'ON' if value_json.connected else 'OFF' }}",
  };
}

function restartButton(id: string, topics: Topics, charger_id: string) {
  return {
    platform: "button",
    unique_id: `${id}_restart`,
    name: "Restart",
    device_class: "restart",
    entity_category: "config",
    command_topic: topics.charger(charger_id, "action"),
    payload_press: JSON.stringify({ action: "reset" }),
  };
}

/** A connector of a device. */
interface Place {
  id: string;
  n: number;
  /** True: it is the only one, and needs no number in names. */
  one: boolean;
  charger_id: string;
}

function connectorComponents(place: Place, { topics, commands }: DiscoveryOptions): Record<string, unknown> {
  const { n, charger_id } = place;
  const state_topic = topics.connector(charger_id, n);
  const set = (what: string) => topics.connector(charger_id, n, `set/${what}`);
  const parts = {
    ...sensorsOf(place, state_topic),
    ...(commands
      ? controlsOf(place, { state_topic, set, action: topics.charger(charger_id, "action") })
      : {}),
  };
  return Object.fromEntries(Object.entries(parts).map(([key, part]) => [`c${n}_${key}`, part]));
}

/** Returns a maker of components that share the connector's ids, names and state. */
function maker({ id, n, one }: Place, state_topic: string) {
  return (key: string, name: string, more: Record<string, unknown>) => ({
    unique_id: `${id}_c${n}_${key}`,
    name: one ? name : `${name} ${n}`,
    state_topic,
    ...more,
  });
}

function sensorsOf(place: Place, state_topic: string): Record<string, unknown> {
  const make = maker(place, state_topic);
  const energy = { platform: "sensor", device_class: "energy", unit_of_measurement: "kWh" };
  const kwh = (field: string) =>
    `{{ (value_json.${field} / 1000) | round(3) if value_json.${field} is not none else None }}`;
  return {
    status: make("status", "Status", {
      platform: "sensor",
      device_class: "enum",
      options: STATUSES,
      value_template: `{{ value_json.status if value_json.status in ${JSON.stringify(STATUSES)} else None }}`,
      icon: "mdi:ev-station",
    }),
    power: make("power", "Power", POWER),
    energy: make("energy", "Energy", {
      ...energy,
      state_class: "total_increasing",
      value_template: kwh("register_wh"),
    }),
    session: make("session", "Session energy", {
      ...energy,
      state_class: "total",
      value_template: kwh("energy_wh"),
    }),
    limit_now: make("limit_now", "Offered current", {
      platform: "sensor",
      device_class: "current",
      unit_of_measurement: "A",
      state_class: "measurement",
      value_template: "{{ value_json.current_limit_a }}",
    }),
    fault: make("fault", "Fault", {
      platform: "binary_sensor",
      device_class: "problem",
      value_template: "{{ 'ON' if value_json.status == 'Faulted' else 'OFF' }}",
    }),
  };
}

function controlsOf(
  place: Place,
  { state_topic, set, action }: { state_topic: string; set: (what: string) => string; action: string },
): Record<string, unknown> {
  const make = maker(place, state_topic);
  return {
    charging: make("charging", "Charging", {
      platform: "switch",
      command_topic: set("charging"),
      value_template: "{{ 'ON' if value_json.charging else 'OFF' }}",
      icon: "mdi:ev-plug-type2",
    }),
    available: make("available", "In service", {
      platform: "switch",
      entity_category: "config",
      command_topic: set("available"),
      value_template: "{{ 'ON' if value_json.available else 'OFF' }}",
    }),
    limit: make("limit", "Limit", {
      platform: "number",
      device_class: "current",
      unit_of_measurement: "A",
      command_topic: set("limit"),
      value_template: "{{ value_json.current_limit_a }}",
      min: 0,
      max: MAX_A,
      step: 1,
    }),
    unlock: {
      platform: "button",
      unique_id: `${place.id}_c${place.n}_unlock`,
      name: place.one ? "Release the plug" : `Release the plug ${place.n}`,
      command_topic: action,
      payload_press: JSON.stringify({ action: "unlock_connector", payload: { connectorId: place.n } }),
    },
  };
}
