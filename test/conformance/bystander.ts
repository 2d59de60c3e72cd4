// A second charger, which must be served while another misbehaves.
import { assert, assertEquals, assertLess } from "@std/assert";
import { WireCharger } from "../kit/wire_charger.ts";
import type { Case, Site } from "../kit/site.ts";

const PAUSE_MS = 20;
const MAX_RSS = 300 * 1024 * 1024; // growth; the tests themselves take most of it

/** A charger that sends Heartbeats continuously. */
export class Bystander {
  readonly #charger: WireCharger;
  #running = true;
  #loop: Promise<void> = Promise.resolve();

  private constructor(charger: WireCharger) {
    this.#charger = charger;
  }

  static async start(site: Site): Promise<Bystander> {
    const bystander = new Bystander(await WireCharger.connect(site));
    bystander.#loop = bystander.#beat();
    return bystander;
  }

  /** Stops it; throws if a Heartbeat was not answered. */
  async check(): Promise<void> {
    this.#running = false;
    try {
      await this.#loop;
      const { currentTime } = await this.#charger.call("Heartbeat");
      assert(currentTime);
    } finally {
      await this.#charger.wire.drop();
    }
  }

  async #beat(): Promise<void> {
    while (this.#running) {
      await this.#charger.call("Heartbeat");
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Declares a case of abuse during which a second charger must be served and memory must stay bounded. */
export function abuse(it: Case, name: string, run: (site: Site) => Promise<void>): void {
  it(name, async (site) => {
    const bystander = await Bystander.start(site);
    const { rss } = Deno.memoryUsage();
    try {
      await run(site);
    } finally {
      await bystander.check();
    }
    assertLess(Deno.memoryUsage().rss - rss, MAX_RSS);
    assertEquals(({} as Record<string, unknown>).polluted, undefined);
  });
}
