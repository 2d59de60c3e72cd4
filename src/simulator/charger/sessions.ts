// What happens at connectors: plugs, tags, sessions (OCPP 1.6 §3.6, §4.8, §4.10).
import type { Static } from "typebox";
import type { ChargingProfile, MeterValue, Reason } from "../../v16/datatypes.ts";
import type { Car } from "../physics/car.ts";
import type { Charger } from "./charger.ts";
import type { Admission, Connector, Session } from "./connector.ts";
import { sameTag } from "./authorizer.ts";
import type { AnswerTo, CallOf } from "./messages.ts";

export type StopReason = Static<typeof Reason>;

/** Begins and ends sessions. */
export class Sessions {
  readonly #charger: Charger;

  constructor(charger: Charger) {
    this.#charger = charger;
  }

  /** A car is plugged in; a session begins if a tag waits for it. */
  plugIn(connector: Connector, car: Car): void {
    if (connector.car) throw new Error(`Cannot plug in: connector ${connector.id} has a car`);
    this.#charger.changeSupply(() => connector.car = car);
    connector.finished = false;
    this.#charger.notifier.refresh(connector);
    if (connector.admission) this.#begin(connector, connector.admission);
  }

  /** The car leaves. */
  unplug(connector: Connector): void {
    const keep = !this.#charger.configuration.flag("StopTransactionOnEVSideDisconnect");
    if (connector.session && !keep) this.end(connector, "EVDisconnected");
    this.#charger.changeSupply(() => connector.car = null);
    connector.finished = false;
    this.#dismiss(connector);
    this.#charger.notifier.refresh(connector);
  }

  /** A tag is held to the reader: starts, or stops what it or its group has started. Resolves with the tag's standing. */
  async presentTag(connector: Connector, id_tag: string): Promise<string> {
    const { session } = connector;
    if (session && sameTag(session.id_tag, id_tag)) {
      this.end(connector, "Local", id_tag);
      return "Accepted";
    }
    const info = await this.#charger.authorize(connector, id_tag);
    if (info.status !== "Accepted") return info.status;
    if (!connector.session) {
      return this.#admit(connector, { id_tag, info, timeout: null }) ? "Accepted" : "Rejected";
    }
    const { parentIdTag } = connector.session.info;
    if (!parentIdTag || !info.parentIdTag || !sameTag(parentIdTag, info.parentIdTag)) return "Rejected";
    this.end(connector, "Local", id_tag);
    return "Accepted";
  }

  /** RemoteStartTransaction, once it is accepted (OCPP 1.6 §5.11). */
  async remoteStart(
    connector: Connector,
    id_tag: string,
    profile?: Static<typeof ChargingProfile>,
  ): Promise<void> {
    const ask = this.#charger.configuration.flag("AuthorizeRemoteTxRequests");
    const info = ask ? await this.#charger.authorize(connector, id_tag) : { status: "Accepted" as const };
    if (info.status !== "Accepted") return;
    this.#admit(connector, { id_tag, info, timeout: null, ...(profile ? { profile } : {}) });
  }

  /** Ends a session; what is left to do follows by itself. */
  end(connector: Connector, reason: StopReason, id_tag?: string): void {
    const { session } = connector;
    if (!session) return;
    const meter = this.#charger.meterOf(connector);
    const reading = meter.read();
    meter.note(reading, "StopTxnSampledData", "Transaction.End");
    meter.stop();
    this.#charger.changeSupply(() => connector.session = null);
    connector.finished = connector.car !== null;
    const meterStop = Math.round(reading.register_wh);
    this.#postStop(session, {
      meterStop,
      timestamp: iso(reading.at),
      reason,
      ...(id_tag ? { idTag: id_tag } : {}),
    });
    this.#settle(connector);
    const energy_wh = meterStop - session.meter_start;
    const { transaction_id } = session;
    this.#charger.tell({ type: "stopped", connector_id: connector.id, transaction_id, energy_wh, reason });
    this.#charger.notifier.refresh(connector);
  }

  /** MeterValues of a session wait their turn; others are sent now or not at all. */
  sendMeterValues(connector: Connector, value: Static<typeof MeterValue>): void {
    const { session } = connector;
    const payload = { connectorId: connector.id, meterValue: [value] };
    if (!session) return void this.#charger.trySend("MeterValues", payload);
    this.#charger.outbox.put({
      action: "MeterValues",
      payload: () => ({ ...payload, ...(hasId(session) ? { transactionId: session.transaction_id! } : {}) }),
    });
  }

  /** The line is lost: a session that waits for its id goes on without. */
  offline(): void {
    for (const connector of this.#charger.connectors) {
      if (connector.session?.state === "starting") this.#switch(connector, connector.session, "on");
    }
  }

  /** A tag may start here: now if a car is there, else when one comes in time (ConnectionTimeOut). */
  #admit(connector: Connector, admission: Admission): boolean {
    if (!this.#charger.admits(connector, admission.id_tag, admission.info.parentIdTag)) return false;
    this.#dismiss(connector);
    connector.admission = admission;
    this.#charger.notifier.refresh(connector);
    if (connector.car) this.#begin(connector, admission);
    else this.#awaitCar(connector, admission);
    return true;
  }

  #awaitCar(connector: Connector, admission: Admission): void {
    const seconds = this.#charger.configuration.number("ConnectionTimeOut");
    if (seconds > 0) {
      admission.timeout = this.#charger.clock.after(seconds * 1000, () => {
        this.#dismiss(connector);
        this.#charger.notifier.refresh(connector);
      });
    }
    this.#charger.onCarWanted(connector);
  }

  #dismiss(connector: Connector): void {
    connector.admission?.timeout?.cancel();
    connector.admission = null;
  }

  #begin(connector: Connector, { id_tag, info, profile }: Admission): void {
    this.#dismiss(connector);
    const meter = this.#charger.meterOf(connector);
    const reservation_id = this.#charger.reservations.use(connector, id_tag, info.parentIdTag);
    const session: Session = {
      transaction_id: null,
      id_tag,
      info,
      started_at: this.#charger.now(),
      meter_start: Math.round(meter.register_wh),
      ...(reservation_id === undefined ? {} : { reservation_id }),
      state: this.#charger.online ? "starting" : "on",
      data: [],
    };
    this.#charger.changeSupply(() => {
      connector.session = session;
      this.#charger.charging.begun(connector, profile);
    });
    meter.note(meter.read(), "StopTxnSampledData", "Transaction.Begin");
    this.#postStart(connector, session);
    meter.start();
  }

  /** What waited for the end of the session (OCPP 1.6 §5.2). */
  #settle(connector: Connector): void {
    this.#charger.charging.over(connector);
    this.#charger.availability.settle(connector);
  }

  #postStart(connector: Connector, session: Session): void {
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
      answered: (answer) => this.#started(connector, session, answer as AnswerTo<"StartTransaction">),
      refused: () => this.#started(connector, session, { transactionId: -1, idTagInfo: session.info }),
    });
  }

  #postStop(session: Session, end: Omit<CallOf<"StopTransaction">, "transactionId">): void {
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

  #started(
    connector: Connector,
    session: Session,
    { transactionId, idTagInfo }: AnswerTo<"StartTransaction">,
  ): void {
    session.transaction_id = transactionId;
    this.#charger.authorizer.learn(session.id_tag, idTagInfo);
    const { status } = idTagInfo;
    this.#charger.tell({
      type: "started",
      connector_id: connector.id,
      id_tag: session.id_tag,
      transaction_id: transactionId,
      status,
    });
    if (connector.session !== session) return;
    if (status === "Accepted") return this.#switch(connector, session, "on");
    if (this.#charger.configuration.flag("StopTransactionOnInvalidId")) this.end(connector, "DeAuthorized");
    else this.#limit(connector, session);
  }

  /** No more energy for a session whose tag was refused; it goes on without. */
  refuse(connector: Connector): void {
    if (connector.session) this.#switch(connector, connector.session, "refused");
  }

  /** A refused tag gets what MaxEnergyOnInvalidId leaves it (OCPP 1.6 §9.1.15), from now on. */
  #limit(connector: Connector, session: Session): void {
    const most = this.#charger.configuration.number("MaxEnergyOnInvalidId");
    if (most <= 0) return this.#switch(connector, session, "refused");
    session.last_wh = this.#charger.meterOf(connector).register_wh + most;
    this.#switch(connector, session, "on");
  }

  #switch(connector: Connector, session: Session, state: Session["state"]): void {
    this.#charger.changeSupply(() => session.state = state);
    this.#charger.notifier.refresh(connector);
  }
}

function hasId({ transaction_id }: Session): boolean {
  return transaction_id !== null && transaction_id !== -1;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
