// Settings as stored, also by older programs.
import { type Codec, json } from "./kv/codec.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";

/** Names of settings in older programs, and their names today. */
const RENAMED: Record<string, keyof Settings> = {
  max_tls_connections: "max_connections",
  max_tls_connections_per_address: "max_connections_per_address",
  tls_headers_timeout: "headers_timeout",
};

/** The codec of the site's settings: what an older program lacks is the default, what it named otherwise keeps its value. */
export const settingsCodec: Codec<Settings> = {
  ...json(DEFAULT_SETTINGS),
  decode: (bytes) => renamed(json(DEFAULT_SETTINGS).decode(bytes)),
};

function renamed(settings: Settings): Settings {
  const entries = Object.entries(settings);
  const kept = entries.filter(([name]) => !Object.hasOwn(RENAMED, name));
  const moved = entries.filter(([name]) => Object.hasOwn(RENAMED, name));
  return Object.fromEntries([...kept, ...moved.map(([name, value]) => [RENAMED[name], value])]) as Settings;
}
