// The MQTT client, loaded only where it is used, since it costs memory.
import { loadDebug } from "../../load_debug.ts";

/** Loads the client. */
export async function loadClient(): Promise<typeof import("mqtt").default> {
  await loadDebug();
  return (await import("mqtt")).default;
}
