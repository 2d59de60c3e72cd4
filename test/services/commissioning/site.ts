// A charger under commissioning: simulated, with an installer who does what he is told.
import type { Event } from "../../../src/site/events.ts";
import type { NewCommissioning } from "../../../src/services/commissioning/commissionings.ts";
import { STEPS } from "../../../src/services/commissioning/steps.ts";
import { ChargePointSimulator, type SimulatorConfig } from "../../../src/simulator/mod.ts";
import type { Commissioning, CommissioningResult, CurrentStep } from "../../../src/store/store.ts";
import { startTestGateway, type TestGateway } from "../../kit/gateway.ts";

/** Fast: the simulator's clock runs twenty times as fast as ours, and samples come every 50 ms. */
export const FAST = {
  guided_s: 3,
  answer_s: 1.5,
  start_s: 2,
  return_s: 6,
  meter_s: 1,
  limit_s: 1,
  cut_s: 0.4,
  sample_interval_s: 1,
  max_drift_s: 3600,
};

const CHARGER: SimulatorConfig = {
  cp_path: "NEW-1",
  autopilot: false,
  interval: 1,
  speed: 20,
  max_current: 400,
  battery_kwh: 5_000,
  soc: 20,
  kwh_min: 1_000,
  kwh_max: 1_000,
  reboot_time: 2,
  rfid: "04A1B2C3D4",
};

/** A charger that runs at our pace, since both clocks count for the end of a limit. */
export const SLOW = {
  charger: { speed: 1, max_current: 32 },
  options: { cut_s: 4, limit_s: 4, start_s: 5, return_s: 10 },
};

/** An action of the installer in response to a prompt. */
export type Hand = (site: Site, connector_id: number) => unknown;

const HANDS: Record<string, Hand> = {
  plug_in: ({ sim }, id) => sim.plugIn(id),
  tag: ({ sim }, id) => sim.presentTag(undefined, id),
  unplug: ({ sim }, id) => sim.unplug(id),
};

/** Gateway, charger and installer. */
export interface Site extends AsyncDisposable {
  test: TestGateway;
  sim: ChargePointSimulator;
  /** Runs a commissioning to its end. */
  commission(wanted?: NewCommissioning): Promise<Commissioning>;
  /** Results as `step`, or `step 2` at connector 2, to `pass`, `fail` or `skip`. */
  verdicts(record: Commissioning): Record<string, string>;
  result(record: Commissioning, step: string): CommissioningResult;
  /** Resolves when the commissioning has come to a step, and asks for something where that is given. */
  reached(step: string, ask?: string): Promise<void>;
}

/** Options of a site. */
export interface SiteOptions {
  charger?: SimulatorConfig;
  hands?: Record<string, Hand>;
  /** Before the charger connects. */
  prepare?: (sim: ChargePointSimulator, test: TestGateway) => unknown;
}

/** A charger that is connected and has told its connectors. */
export async function startSite({ charger = {}, hands = {}, prepare }: SiteOptions = {}): Promise<Site> {
  const test = await startTestGateway();
  const { commissionings, events, central } = test.gateway.services;
  const sim = new ChargePointSimulator({ ...CHARGER, ...charger, ws_port: test.port });
  await prepare?.(sim, test);
  sim.start();
  const site: Site = {
    test,
    sim,
    commission: async (wanted = {}) => {
      const { options = {}, ...rest } = wanted;
      const record = await commissionings.begin("NEW-1", { ...rest, options: { ...FAST, ...options } });
      await commissionings.finished(record);
      return test.gateway.services.store.commissionings.get(
        String(record.commissioning_id).padStart(9, "0"),
      )!;
    },
    verdicts: (record) =>
      Object.fromEntries(
        commissionings.results(record).map((
          { step, connector_id, result },
        ) => [connector_id > 1 ? `${step} ${connector_id}` : step, result]),
      ),
    result: (record, step) => commissionings.results(record).find((each) => each.step === step)!,
    reached: (step, ask) =>
      when(test, ({ type, data }) => {
        if (type !== "commissioning") return false;
        const { current } = data as { current: CurrentStep | null };
        return current?.step === step && (ask === undefined || current.ask === ask);
      }),
    async [Symbol.asyncDispose]() {
      unlisten();
      await sim.kill();
      await test[Symbol.asyncDispose]();
    },
  };
  const unlisten = events.subscribe((event) => {
    if (event.type !== "commissioning") return;
    const { current } = event.data as { current: CurrentStep | null };
    if (current?.ask) {
      queueMicrotask(() => obey({ ...HANDS, ...hands }[current.ask!]!, site, current.connector_id));
    }
  });
  await told(test, sim.settings.connectors);
  if (!central.isConnected("NEW-1")) throw new Error("The charger is not connected");
  return site;
}

/** Performs an action; one that fails shows in the step's result. */
async function obey(hand: Hand, site: Site, connector_id: number): Promise<void> {
  try {
    await hand(site, connector_id);
  } catch (error) {
    site.sim.charger.events.warn("The installer can't do it", error);
  }
}

/** All connectors have told their status. */
function told(test: TestGateway, connectors: number): Promise<void> {
  const known = () => test.gateway.services.store.chargers.get("NEW-1")?.connectors.length === connectors + 1;
  return known() ? Promise.resolve() : when(test, known);
}

function when({ gateway }: TestGateway, what: (event: Event) => unknown): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`Not so within 10 s: ${what}`)), 10_000);
  const unlisten = gateway.services.events.subscribe((event) => {
    if (event.charger_id === "NEW-1" && what(event)) resolve();
  });
  return promise.finally(() => {
    clearTimeout(timer);
    unlisten();
  });
}

/** All steps but these are left out. */
export function only(...steps: string[]): NewCommissioning {
  return { without: STEPS.map(({ id }) => id).filter((id) => !steps.includes(id)) };
}
