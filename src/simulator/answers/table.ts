// The shape of the answers, and the parts of a charger that they use.
import type { Availability } from "../charger/availability.ts";
import type { Authorizer } from "../charger/authorizer.ts";
import type { HasConfiguration, HasConnectors, HasEvents, HasMessenger } from "../charger/base.ts";
import type { Certificates } from "../charger/certificates.ts";
import type { Charging } from "../charger/charging.ts";
import type { Connector } from "../charger/connector.ts";
import type { Diagnostics } from "../charger/diagnostics.ts";
import type { Firmware } from "../charger/firmware.ts";
import type { Meters } from "../charger/meters.ts";
import type { Notifier } from "../charger/notifier.ts";
import type { Power } from "../charger/power.ts";
import type { Registration } from "../charger/registration.ts";
import type { Reservations } from "../charger/reservations.ts";
import type { SecurityEvents } from "../charger/security_events.ts";
import type { Sessions } from "../charger/sessions.ts";
import type { CommandName, CommandOf, ReplyTo } from "../messages.ts";

/** The parts of a charger that answers use. */
export interface AnsweringCharger extends HasConfiguration, HasConnectors, HasEvents, HasMessenger {
  readonly authorizer: Pick<Authorizer, "version" | "update" | "clearCache">;
  readonly availability: Pick<Availability, "set"> & { operative: boolean };
  readonly certificates: Certificates;
  readonly charging: Pick<Charging, "set" | "clear" | "composite">;
  readonly diagnostics: Diagnostics;
  readonly firmware: Firmware;
  readonly meters: Pick<Meters, "of">;
  readonly notifier: Pick<Notifier, "refreshAll" | "report" | "reportCharger">;
  readonly power: Pick<Power, "reset">;
  readonly registration: Pick<Registration, "status" | "boot" | "heartbeat">;
  readonly reservations: Pick<Reservations, "reserve" | "cancel">;
  readonly security: Pick<SecurityEvents, "add">;
  readonly sessions: Pick<Sessions, "remoteStart" | "end" | "sendMeterValues">;
  /** Returns the time by the charger's own clock, ms since 1970. */
  now(): number;
  connector(id: number): Connector | undefined;
  canStart(connector: Connector, id_tag: string, parent_id_tag?: string): boolean;
  onConfigured(name: string): unknown;
  reconnect(): Promise<void>;
}

/** Runs a function once the answer has been sent. */
export type Afterwards = (run: () => unknown) => void;

/** Answers the CALLs of one action. */
export type AnswerFunction<A extends CommandName> = (
  request: CommandOf<A>,
  charger: AnsweringCharger,
  afterwards: Afterwards,
) => ReplyTo<A> | Promise<ReplyTo<A>>;

/** Answers by action. */
export type AnswerTable = { [A in CommandName]?: AnswerFunction<A> };
