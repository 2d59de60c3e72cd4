// Security incidents detected by the gateway, recorded at a limited rate.
import type { Context } from "../site/context.ts";
import { noteSecurity } from "../site/security/security_log.ts";

const SAME_AGAIN_MS = 600_000;
const PER_MINUTE = 60;
const MAX_KEYS = 10_000;

/** Records incidents: each kind of a charger at most every ten minutes, and sixty a minute in total. */
export class Incidents {
  readonly #context: Pick<Context, "store" | "events" | "now">;
  readonly #clock: () => number;
  readonly #noted = new Map<string, number>();
  #minute = { began: -Infinity, count: 0 };

  /** `clock` returns monotonic ms. */
  constructor(
    context: Pick<Context, "store" | "events" | "now">,
    clock: () => number = () => performance.now(),
  ) {
    this.#context = context;
    this.#clock = clock;
  }

  /** Records an incident, unless the rate is exceeded. */
  note(type: string, charger_id: string, text: string): void {
    const at = this.#clock();
    const key = `${type}\0${charger_id}`;
    if (at - (this.#noted.get(key) ?? -Infinity) < SAME_AGAIN_MS) return;
    if (at - this.#minute.began > 60_000) this.#minute = { began: at, count: 0 };
    if (++this.#minute.count > PER_MINUTE) return;
    if (this.#noted.size >= MAX_KEYS) this.#noted.clear();
    this.#noted.set(key, at);
    noteSecurity(type, text, { ...this.#context, charger_id });
  }
}
