// Plugs, tags and sessions at the connectors (OCPP 1.6 §3.6, §4.8, §4.10).
import type { Outbox } from "../../ocpp/client/outbox.ts";
import type { AnswerTo, CallOf, ChargingProfile, IdTagInfo, MeterValue, StopReason } from "../messages.ts";
import type { Car } from "../physics/car.ts";
import { type Authorizer, sameTag } from "./authorizer.ts";
import type { Availability } from "./availability.ts";
import type { HasClock, HasConfiguration, HasConnectors, HasEvents, HasMessenger } from "./base.ts";
import type { Charging } from "./charging.ts";
import type { AcceptedTag, Connector, Session } from "./connector.ts";
import type { Meters } from "./meters.ts";
import type { Notifier } from "./notifier.ts";
import type { Reservations } from "./reservations.ts";

/** The parts of a charger that sessions use. */
export interface SessionsCharger extends HasClock, HasConfiguration, HasConnectors, HasEvents, HasMessenger {
  readonly outbox: Pick<Outbox, "put">;
  readonly authorizer: Pick<Authorizer, "learn">;
  readonly meters: Pick<Meters, "of" | "changeSupply">;
  readonly notifier: Pick<Notifier, "refresh">;
  readonly reservations: Pick<Reservations, "use">;
  readonly charging: Pick<Charging, "onSessionStart" | "onSessionEnd">;
  readonly availability: Pick<Availability, "applyDeferred">;
  /** Called when an accepted tag waits for a car. */
  onCarWanted(connector: Connector): void;
  /** Resolves with a tag's authorization. Rejects when the central system does not answer. */
  authorize(connector: Connector, id_tag: string): Promise<IdTagInfo>;
  /** Returns true if a tag could start a session at a connector. */
  canStart(connector: Connector, id_tag: string, parent_id_tag?: string): boolean;
}

/** Starts and ends the sessions of a charger. */
export class Sessions {
  readonly #charger: SessionsCharger;

  constructor(charger: SessionsCharger) {
    this.#charger = charger;
  }

  /** Plugs a car in; a session begins if an accepted tag waits for it. Throws if there is a car already. */
  plugIn(connector: Connector, car: Car): void {
    if (connector.car) throw new Error(`Cannot plug in: connector ${connector.id} has a car`);
    this.#charger.meters.changeSupply(() => connector.car = car);
    connector.finished = false;
    this.#charger.notifier.refresh(connector);
    if (connector.accepted_tag) this.#begin(connector, connector.accepted_tag);
  }

  /** Unplugs the car; its session ends, unless StopTransactionOnEVSideDisconnect is false. */
  unplug(connector: Connector): void {
    const keep = !this.#charger.configuration.flag("StopTransactionOnEVSideDisconnect");
    if (connector.session && !keep) this.end(connector, "EVDisconnected");
    this.#charger.meters.changeSupply(() => connector.car = null);
    connector.finished = false;
    this.#forgetTag(connector);
    this.#charger.notifier.refresh(connector);
  }

  /** Presents a tag: starts a session, or stops that of the tag or its group. Resolves with the authorization status. */
  async presentTag(connector: Connector, id_tag: string): Promise<string> {
    const { session } = connector;
    if (session && sameTag(session.id_tag, id_tag)) {
      this.end(connector, "Local", id_tag);
      return "Accepted";
    }
    const info = await this.#charger.authorize(connector, id_tag);
    if (info.status !== "Accepted") return info.status;
    if (!connector.session) {
      return this.#accept(connector, { id_tag, info, timeout: null }) ? "Accepted" : "Rejected";
    }
    const { parentIdTag } = connector.session.info;
    if (!parentIdTag || !info.parentIdTag || !sameTag(parentIdTag, info.parentIdTag)) return "Rejected";
    this.end(connector, "Local", id_tag);
    return "Accepted";
  }

  /** Carries out a RemoteStartTransaction that was accepted (OCPP 1.6 §5.11). */
  async remoteStart(connector: Connector, id_tag: string, profile?: ChargingProfile): Promise<void> {
    const ask = this.#charger.configuration.flag("AuthorizeRemoteTxRequests");
    const info = ask ? await this.#charger.authorize(connector, id_tag) : { status: "Accepted" as const };
    if (info.status !== "Accepted") return;
    this.#accept(connector, { id_tag, info, timeout: null, ...(profile ? { profile } : {}) });
  }

  /** Ends a session, and does what waited for that. Does nothing without a session. */
  end(connector: Connector, reason: StopReason, id_tag?: string): void {
    const { session } = connector;
    if (!session) return;
    const { meters, charging, availability, events, notifier } = this.#charger;
    const meter = meters.of(connector);
    const reading = meter.read();
    meter.note(reading, "StopTxnSampledData", "Transaction.End");
    meter.stop();
    meters.changeSupply(() => connector.session = null);
    connector.finished = connector.car !== null;
    const meterStop = Math.round(reading.register_wh);
    this.#sendStop(session, {
      meterStop,
      timestamp: iso(reading.at),
      reason,
      ...(id_tag ? { idTag: id_tag } : {}),
    });
    charging.onSessionEnd(connector);
    availability.applyDeferred(connector);
    const energy_wh = meterStop - session.meter_start;
    const { transaction_id } = session;
    events.emit({ type: "stopped", connector_id: connector.id, transaction_id, energy_wh, reason });
    notifier.refresh(connector);
  }

  /** Sends MeterValues: those of a session through the outbox, others now or not at all. */
  sendMeterValues(connector: Connector, value: MeterValue): void {
    const { session } = connector;
    const payload = { connectorId: connector.id, meterValue: [value] };
    if (!session) return void this.#charger.messenger.trySend("MeterValues", payload);
    this.#charger.outbox.put({
      action: "MeterValues",
      payload: () => ({ ...payload, ...(hasId(session) ? { transactionId: session.transaction_id! } : {}) }),
    });
  }

  /** Supplies the sessions that wait for the answer to StartTransaction: the connection is lost. */
  onOffline(): void {
    for (const connector of this.#charger.connectors) {
      if (connector.session?.state === "starting") this.#setState(connector, connector.session, "on");
    }
  }

  /** Ends the supply of a session whose tag was refused; the session goes on. */
  refuse(connector: Connector): void {
    if (connector.session) this.#setState(connector, connector.session, "refused");
  }

  /** Starts a session with an accepted tag: now if a car is there, else when one comes in time (ConnectionTimeOut). */
  #accept(connector: Connector, tag: AcceptedTag): boolean {
    if (!this.#charger.canStart(connector, tag.id_tag, tag.info.parentIdTag)) return false;
    this.#forgetTag(connector);
    connector.accepted_tag = tag;
    this.#charger.notifier.refresh(connector);
    if (connector.car) this.#begin(connector, tag);
    else this.#awaitCar(connector, tag);
    return true;
  }

  #awaitCar(connector: Connector, tag: AcceptedTag): void {
    const seconds = this.#charger.configuration.number("ConnectionTimeOut");
    if (seconds > 0) {
      tag.timeout = this.#charger.clock.after(seconds * 1000, () => {
        this.#forgetTag(connector);
        this.#charger.notifier.refresh(connector);
      });
    }
    this.#charger.onCarWanted(connector);
  }

  #forgetTag(connector: Connector): void {
    connector.accepted_tag?.timeout?.cancel();
    connector.accepted_tag = null;
  }

  #begin(connector: Connector, { id_tag, info, profile }: AcceptedTag): void {
    this.#forgetTag(connector);
    const { meters, reservations, charging, messenger } = this.#charger;
    const meter = meters.of(connector);
    const reservation_id = reservations.use(connector, id_tag, info.parentIdTag);
    const session: Session = {
      transaction_id: null,
      id_tag,
      info,
      started_at: this.#charger.now(),
      meter_start: Math.round(meter.register_wh),
      ...(reservation_id === undefined ? {} : { reservation_id }),
      state: messenger.online ? "starting" : "on",
      data: [],
    };
    meters.changeSupply(() => {
      connector.session = session;
      charging.onSessionStart(connector, profile);
    });
    meter.note(meter.read(), "StopTxnSampledData", "Transaction.Begin");
    this.#sendStart(connector, session);
    meter.start();
  }

  #sendStart(connector: Connector, session: Session): void {
    const payload: CallOf<"StartTransaction"> = {
      connectorId: connector.id,
      idTag: session.id_tag,
      meterStart: session.meter_start,
      timestamp: iso(session.started_at),
      ...(session.reservation_id === undefined ? {} : { reservationId: session.reservation_id }),
    };
    this.#charger.outbox.put({
      action: "StartTransaction",
      payload: () => payload,
      answered: (answer) => this.#onStarted(connector, session, answer as AnswerTo<"StartTransaction">),
      refused: () => this.#onStarted(connector, session, { transactionId: -1, idTagInfo: session.info }),
    });
  }

  #sendStop(session: Session, end: Omit<CallOf<"StopTransaction">, "transactionId">): void {
    const transactionData = session.data.length ? { transactionData: session.data } : {};
    this.#charger.outbox.put({
      action: "StopTransaction",
      payload: () => ({ transactionId: session.transaction_id ?? -1, ...end, ...transactionData }),
      answered: (answer) => {
        const { idTagInfo } = answer as AnswerTo<"StopTransaction">;
        if (end.idTag && idTagInfo) this.#charger.authorizer.learn(end.idTag, idTagInfo);
      },
    });
  }

  #onStarted(
    connector: Connector,
    session: Session,
    { transactionId, idTagInfo }: AnswerTo<"StartTransaction">,
  ): void {
    const { authorizer, events, configuration } = this.#charger;
    session.transaction_id = transactionId;
    authorizer.learn(session.id_tag, idTagInfo);
    const { status } = idTagInfo;
    events.emit({
      type: "started",
      connector_id: connector.id,
      id_tag: session.id_tag,
      transaction_id: transactionId,
      status,
    });
    if (connector.session !== session) return;
    if (status === "Accepted") return this.#setState(connector, session, "on");
    if (configuration.flag("StopTransactionOnInvalidId")) this.end(connector, "DeAuthorized");
    else this.#limit(connector, session);
  }

  /** Supplies a refused tag with MaxEnergyOnInvalidId from now on (OCPP 1.6 §9.1.15). */
  #limit(connector: Connector, session: Session): void {
    const most = this.#charger.configuration.number("MaxEnergyOnInvalidId");
    if (most <= 0) return this.#setState(connector, session, "refused");
    session.last_wh = this.#charger.meters.of(connector).register_wh + most;
    this.#setState(connector, session, "on");
  }

  #setState(connector: Connector, session: Session, state: Session["state"]): void {
    this.#charger.meters.changeSupply(() => session.state = state);
    this.#charger.notifier.refresh(connector);
  }
}

function hasId({ transaction_id }: Session): boolean {
  return transaction_id !== null && transaction_id !== -1;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
