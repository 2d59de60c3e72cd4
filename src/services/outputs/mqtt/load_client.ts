// The MQTT client, loaded only where it is used, since it costs memory.
import process from "node:process";

/**
 * Loads the client. `debug`, on which it rests, reads the whole environment, which the gateway may not, unless it takes
 * the process for a browser.
 */
export async function loadClient(): Promise<typeof import("mqtt").default> {
  const marked = process as { browser?: boolean };
  marked.browser = true;
  try {
    await import("debug");
  } finally {
    delete marked.browser;
  }
  return (await import("mqtt")).default;
}
