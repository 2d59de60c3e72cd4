// The library `debug`, on which the clients of MQTT and Modbus rest.
import { node } from "../node.ts";

/**
 * Loads it before whatever rests on it. It reads the whole environment, which the gateway may not, unless it takes the
 * process for a browser.
 */
export async function loadDebug(): Promise<void> {
  const marked = node("process") as { browser?: boolean };
  marked.browser = true;
  try {
    await import("debug");
  } finally {
    delete marked.browser;
  }
}
