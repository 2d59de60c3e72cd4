// A connector's meter: lets energy flow, and sends what it reads when it is due (OCPP 1.6 §4.7, §9.1).
import type { Charger } from "./charger.ts";
import type { Timer } from "../clock.ts";
import type { Connector } from "./connector.ts";
import { meterValue, type Reading } from "../physics/samples.ts";
import { deliver, flowInto, LEAST_AMPS, type Offer } from "../physics/supply.ts";

const LONGEST_LOOK = 10_000; // ms in which a full battery is noticed at the latest
const LEAST_WH = 0.01; // what a clock of whole ms may leave of an amount

/** The meter of one connector. */
export class Metering {
  readonly #charger: Charger;
  readonly #connector: Connector;
  #register_wh: number;
  #told_wh = 0;
  #brought_to: number;
  #offer: Offer | null = null;
  #sample_due = Infinity;
  #timer: Timer | null = null;

  constructor(charger: Charger, connector: Connector, register_wh = 0) {
    this.#charger = charger;
    this.#connector = connector;
    this.#register_wh = register_wh;
    this.#brought_to = charger.clock.now();
  }

  /** Wh in the register, up to this moment. */
  get register_wh(): number {
    this.bring();
    return this.#register_wh;
  }

  /** Sets the register, as when a meter is exchanged or loses its memory. */
  reset(register_wh = 0): void {
    this.bring();
    this.#register_wh = this.#told_wh = register_wh;
  }

  /** Lets flow what has flowed since it was last looked at. */
  bring(): void {
    const now = this.#charger.clock.now();
    const { car, session } = this.#connector;
    if (car && session?.state === "on" && !this.#connector.fault) {
      const { voltage } = this.#charger.settings;
      this.#register_wh += deliver(car, this.#brought_to, now, voltage, (at) => this.#offerAt(at));
    }
    this.#brought_to = now;
  }

  /** Something that bears on the flow has changed: bring() must have been called before. */
  changed(): void {
    this.#offer = null;
    this.#look();
  }

  /** A session begins: samples come every MeterValueSampleInterval from now. */
  start(): void {
    this.bring();
    this.#told_wh = this.#register_wh;
    this.resample();
  }

  /** MeterValueSampleInterval counts from now. */
  resample(): void {
    const interval = this.#charger.configuration.number("MeterValueSampleInterval") * 1000;
    this.#sample_due = this.#connector.session && interval > 0
      ? this.#charger.clock.now() + interval
      : Infinity;
    this.#look();
  }

  /** The session is over, or the charger off. */
  stop(): void {
    this.#sample_due = Infinity;
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** What the meter reads now; `told`: the interval register begins anew. */
  read(told = false): Reading {
    this.bring();
    const now = this.#charger.clock.now();
    const { car, session, fault } = this.#connector;
    const { voltage, phases: wires } = this.#charger.settings;
    const offer = this.#offerAt(now);
    const flow = session?.state === "on" && !fault
      ? flowInto(car, offer, voltage)
      : { power_w: 0, amps: 0, phases: 0 };
    const offered_amps = session?.state === "on" ? offer.amps : 0;
    const reading = {
      at: this.#charger.now(),
      register_wh: this.#register_wh,
      interval_wh: this.#register_wh - this.#told_wh,
      ...flow,
      wires,
      voltage,
      offered_amps,
      offered_w: offered_amps * offer.phases * voltage,
      soc: car?.soc ?? null,
    };
    if (told) this.#told_wh = this.#register_wh;
    return reading;
  }

  #offerAt(at: number): Offer {
    if (this.#offer && at < this.#offer.until) return this.#offer;
    return this.#offer = this.#charger.charging.offer(this.#connector, at);
  }

  /** Looks what flows, and when to look again. */
  #look(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.bring();
    const { session, car } = this.#connector;
    if (!session) return;
    const last_wh = session.state === "on" ? session.last_wh ?? Infinity : Infinity;
    const left_wh = last_wh - this.#register_wh;
    if (left_wh <= LEAST_WH) return this.#charger.sessions.refuse(this.#connector);
    const now = this.#charger.clock.now();
    const offer = this.#offerAt(now);
    const { power_w } = flowInto(car, offer, this.#charger.settings.voltage);
    const flows = power_w > 0;
    this.#connector.flowing = flows ? "charging" : offer.amps < LEAST_AMPS ? "no-offer" : "no-demand";
    this.#charger.notifier.refresh(this.#connector);
    const next = Math.min(
      offer.until,
      this.#sample_due,
      now + LONGEST_LOOK,
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
    this.#look();
  }

  #sample(): void {
    const { configuration, sessions } = this.#charger;
    const reading = this.read(true);
    const value = meterValue(reading, configuration.list("MeterValuesSampledData"), "Sample.Periodic");
    if (value) sessions.sendMeterValues(this.#connector, value);
    this.note(reading, "StopTxnSampledData", "Sample.Periodic");
    const { session } = this.#connector;
    if (!session) return;
    const energy_wh = Math.round(reading.register_wh) - session.meter_start;
    this.#charger.tell({
      type: "metered",
      connector_id: this.#connector.id,
      energy_wh,
      power_w: reading.power_w,
      soc: reading.soc,
    });
  }

  /** Keeps a reading for StopTransaction.transactionData, as far as the configuration key asks for it. */
  note(
    reading: Reading,
    key: "StopTxnSampledData" | "StopTxnAlignedData",
    context: Parameters<typeof meterValue>[2],
  ): void {
    const measurands = this.#charger.configuration.list(key);
    const value = measurands.length ? meterValue(reading, measurands, context) : null;
    if (value) this.#connector.session?.data.push(value);
  }
}
