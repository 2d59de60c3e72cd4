// Tests on both servers of the plain port.
import { startTestGateway } from "./gateway.ts";

/** The servers of the plain port. */
export const LISTENERS = ["deno", "bounded"] as const;

/** Declares a test for each server of the plain port; `start` starts a gateway with it. */
export function onEachListener(name: string, test: (start: typeof startTestGateway) => Promise<void>): void {
  for (const listener of LISTENERS) {
    const start: typeof startTestGateway = (options = {}) =>
      startTestGateway({ ...options, config: { ...options.config, listener } });
    Deno.test(`${name} (${listener})`, () => test(start));
  }
}
