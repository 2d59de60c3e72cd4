// The library `debug`, on which the clients of MQTT and Modbus rest.
import process from "node:process";

/**
 * Loads it before whatever rests on it. It reads the whole environment, which the gateway may not, unless it takes the
 * process for a browser.
 */
export async function loadDebug(): Promise<void> {
  const marked = process as { browser?: boolean };
  marked.browser = true;
  try {
    await import("debug");
  } finally {
    delete marked.browser;
  }
}
