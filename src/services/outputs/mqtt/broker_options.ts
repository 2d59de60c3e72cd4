// Options of the connection to the broker, made of the settings.
import { node } from "../../../node.ts";
import type { Settings, Store } from "../../../store/store.ts";
import type { BrokerOptions } from "./connection.ts";
import type { Topics } from "./topics.ts";

/** Returns the options of the connection by the settings of now. */
export function brokerOptionsOf({ settings, site }: Store, topics: Topics): BrokerOptions {
  const { mqtt_url, mqtt_username, mqtt_password, mqtt_discovery_prefix: prefix } = settings;
  return {
    url: mqtt_url,
    username: mqtt_username,
    password: mqtt_password,
    client_id: `ocppgw-${
      node("crypto").createHash("sha256").update(site.site_id).digest("hex").slice(0, 10)
    }`,
    status_topic: topics.status,
    filters: [...topics.commands, ...(prefix ? [`${prefix}/status`] : [])],
    tls: tlsOf(settings),
  };
}

/** None without TLS in the URL: the client would take a certificate for a wish for TLS. */
function tlsOf({ mqtt_url, mqtt_ca: ca, mqtt_client_cert: cert, mqtt_client_key: key }: Settings) {
  if (!/^(mqtts|wss):/.test(mqtt_url)) return {};
  return { ...(ca && { ca }), ...(cert && key && { cert, key }) };
}

/** Returns a text that differs where a connection has to be made anew. */
export function connectionKeyOf(settings: Settings): string {
  return JSON.stringify(Object.entries(settings).filter(([name]) => name.startsWith("mqtt_")));
}
