// A connector's meter: integrates the energy and sends samples when they are due (OCPP 1.6 §4.7, §9.1).
import type { Timer } from "../../ocpp/client/clock.ts";
import type { MeterValue } from "../messages.ts";
import { meterValue, type Reading } from "../physics/samples.ts";
import { deliver, flowInto, type Offer, PILOT_MIN_AMPS } from "../physics/supply.ts";
import type { HasClock, HasConfiguration, HasEvents } from "./base.ts";
import type { Charging } from "./charging.ts";
import type { Connector } from "./connector.ts";
import type { Notifier } from "./notifier.ts";

/** The parts of a charger that a meter uses. */
export interface MeteringCharger extends HasClock, HasConfiguration, HasEvents {
  readonly charging: Pick<Charging, "offer">;
  readonly notifier: Pick<Notifier, "refresh">;
  readonly sessions: {
    sendMeterValues(connector: Connector, value: MeterValue): void;
    refuse(connector: Connector): void;
  };
}

const MAX_UPDATE_INTERVAL = 10_000; // ms until a battery that is full is noticed
const ROUNDING_WH = 0.01; // Wh that a clock of whole ms may leave of an amount

/** The meter of one connector. */
export class Metering {
  readonly #charger: MeteringCharger;
  readonly #connector: Connector;
  #register_wh = 0;
  /** Register at the last reported sample: the interval register counts from here. */
  #reported_wh = 0;
  /** Time up to which energy has been counted. */
  #updated_at: number;
  #offer: Offer | null = null;
  #sample_due = Infinity;
  #timer: Timer | null = null;

  constructor(charger: MeteringCharger, connector: Connector) {
    this.#charger = charger;
    this.#connector = connector;
    this.#updated_at = charger.clock.now();
  }

  /** Wh in the register, up to this moment. */
  get register_wh(): number {
    this.update();
    return this.#register_wh;
  }

  /** Sets the register, as when a meter is exchanged or loses its memory. */
  reset(register_wh = 0): void {
    this.update();
    this.#register_wh = this.#reported_wh = register_wh;
  }

  /** Counts the energy that has flowed since the last call. */
  update(): void {
    const now = this.#charger.clock.now();
    const { car, session } = this.#connector;
    if (car && session?.state === "on" && !this.#connector.fault) {
      const span = { from: this.#updated_at, to: now, voltage: this.#charger.settings.voltage };
      this.#register_wh += deliver(car, span, (at) => this.#offerAt(at));
    }
    this.#updated_at = now;
  }

  /** Follows a change that affects the flow; update() must have been called before the change. */
  onChange(): void {
    this.#offer = null;
    this.#follow();
  }

  /** Begins a session: samples come every MeterValueSampleInterval from now. */
  start(): void {
    this.update();
    this.#reported_wh = this.#register_wh;
    this.resample();
  }

  /** Restarts the sample interval. */
  resample(): void {
    const interval = this.#charger.configuration.number("MeterValueSampleInterval") * 1000;
    this.#sample_due = this.#connector.session && interval > 0
      ? this.#charger.clock.now() + interval
      : Infinity;
    this.#follow();
  }

  /** Stops sampling: the session is over, or the charger is off. */
  stop(): void {
    this.#sample_due = Infinity;
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Reads the meter; with `reported` the interval register restarts. */
  read(reported = false): Reading {
    this.update();
    const now = this.#charger.clock.now();
    const { car, session, fault } = this.#connector;
    const { voltage, phases: wires } = this.#charger.settings;
    const offer = this.#offerAt(now);
    const flow = session?.state === "on" && !fault
      ? flowInto(car, offer, { voltage })
      : { power_w: 0, amps: 0, phases: 0 };
    const offered_amps = session?.state === "on" ? offer.amps : 0;
    const reading = {
      at: this.#charger.now(),
      register_wh: this.#register_wh,
      interval_wh: this.#register_wh - this.#reported_wh,
      ...flow,
      wires,
      voltage,
      offered_amps,
      offered_w: offered_amps * offer.phases * voltage,
      soc: car?.soc ?? null,
    };
    if (reported) this.#reported_wh = this.#register_wh;
    return reading;
  }

  /** Keeps a reading for StopTransaction.transactionData, if the configuration key asks for it. */
  note(
    reading: Reading,
    key: "StopTxnSampledData" | "StopTxnAlignedData",
    context: Parameters<typeof meterValue>[2],
  ): void {
    const measurands = this.#charger.configuration.list(key);
    const value = measurands.length ? meterValue(reading, measurands, context) : null;
    if (value) this.#connector.session?.data.push(value);
  }

  #offerAt(at: number): Offer {
    if (this.#offer && at < this.#offer.until) return this.#offer;
    return this.#offer = this.#charger.charging.offer(this.#connector, at);
  }

  /** Sets the connector's flow and status, and the timer for the next change. */
  #follow(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.update();
    const { session, car } = this.#connector;
    if (!session) return;
    const last_wh = session.state === "on" ? session.last_wh ?? Infinity : Infinity;
    const left_wh = last_wh - this.#register_wh;
    if (left_wh <= ROUNDING_WH) return this.#charger.sessions.refuse(this.#connector);
    const now = this.#charger.clock.now();
    const offer = this.#offerAt(now);
    const { power_w } = flowInto(car, offer, this.#charger.settings);
    const flows = power_w > 0;
    this.#connector.flowing = flows ? "charging" : offer.amps < PILOT_MIN_AMPS ? "no-offer" : "no-demand";
    this.#charger.notifier.refresh(this.#connector);
    const next = Math.min(
      offer.until,
      this.#sample_due,
      now + MAX_UPDATE_INTERVAL,
      now + Math.ceil(left_wh / power_w * 3_600_000),
    );
    this.#timer = this.#charger.clock.after(next - now, () => this.#wake());
  }

  #wake(): void {
    const now = this.#charger.clock.now();
    if (now >= this.#sample_due) {
      this.#sample_due += this.#charger.configuration.number("MeterValueSampleInterval") * 1000;
      this.#sample();
    }
    this.#follow();
  }

  #sample(): void {
    const { configuration, sessions, events } = this.#charger;
    const reading = this.read(true);
    const value = meterValue(reading, configuration.list("MeterValuesSampledData"), "Sample.Periodic");
    if (value) sessions.sendMeterValues(this.#connector, value);
    this.note(reading, "StopTxnSampledData", "Sample.Periodic");
    const { session } = this.#connector;
    if (!session) return;
    events.emit({
      type: "metered",
      connector_id: this.#connector.id,
      energy_wh: Math.round(reading.register_wh) - session.meter_start,
      power_w: reading.power_w,
      soc: reading.soc,
    });
  }
}
