// A protocol version of three messages: Hello, Charge (of the charger) and Halt (of the gateway).
import type { Static } from "typebox";
import type { AnsweredCall, Call, Command, Send } from "../../src/ocpp/protocol.ts";
import { Type } from "../../src/ocpp/schema_builder.ts";
import type { ChargerPort, ChargerReport, SiteProtocol } from "../../src/site/charger_port.ts";
import { noteStatus } from "../../src/site/connector_status.ts";
import type { Context } from "../../src/site/context.ts";
import { registerBoot } from "../../src/site/registration.ts";
import { takeMeterValues } from "../../src/site/sessions/meter_values.ts";
import { startSession } from "../../src/site/sessions/start_session.ts";
import { stopSession } from "../../src/site/sessions/stop_session.ts";

const closed = { additionalProperties: false };

const HelloRequest = Type.Object({ maker: Type.String(), model: Type.String() }, closed);
const Hello: Call<Context, typeof HelloRequest> = {
  before_acceptance: true,
  request: HelloRequest,
  response: Type.Object({ welcome: Type.Boolean() }, closed),
  async handle({ maker, model }: Static<typeof HelloRequest>, context: Context) {
    const identity = { vendor: maker, model, serial_number: null, firmware_version: null };
    const { status } = await registerBoot(identity, { maker, model }, context);
    return { welcome: status === "Accepted" };
  },
};

const ChargeRequest = Type.Object({
  phase: Type.Enum(["begin", "go_on", "end"]),
  plug: Type.Integer(),
  session: Type.Optional(Type.Integer()),
  card: Type.Optional(Type.String()),
  kwh: Type.Number(),
  at: Type.String(),
}, closed);
type ChargeRequest = Static<typeof ChargeRequest>;
const Charge: Call<Context, typeof ChargeRequest> = {
  request: ChargeRequest,
  response: Type.Object({ session: Type.Integer(), good: Type.Boolean() }, closed),
  handle: (request: ChargeRequest, context: Context) => PHASES[request.phase](request, context),
};

type Phase = (request: ChargeRequest, context: Context) => Promise<{ session: number; good: boolean }>;

const PHASES: Record<ChargeRequest["phase"], Phase> = {
  async begin({ plug, card = "", kwh, at }, context) {
    await showStatus(plug, "Charging", at, context);
    const start = { connector_id: plug, id_tag: card, meter_start: kwh * 1000, timestamp: at };
    const { transaction_id, authorization } = await startSession(start, context);
    return { session: transaction_id, good: authorization.status === "Accepted" };
  },
  async go_on({ plug, session, kwh, at }, context) {
    const values = [{
      timestamp: at,
      sampledValue: [{ value: String(kwh), unit: "kWh", measurand: "Energy.Active.Import.Register" }],
    }];
    const report = { connector_id: plug, transaction_id: session, values, message: "Charge" };
    await takeMeterValues(report, context);
    return { session: session ?? 0, good: true };
  },
  async end({ plug, session, kwh, at }, context) {
    const stop = { transaction_id: session, meter_stop: kwh * 1000, reason: "Remote", timestamp: at };
    await stopSession({ ...stop, message: "Charge" }, context);
    await showStatus(plug, "Available", at, context);
    return { session: session ?? 0, good: true };
  },
};

async function showStatus(connector_id: number, status: string, timestamp: string, context: Context) {
  const plain = { error_code: "NoError", info: null, vendor_error_code: null };
  await noteStatus({ connector_id, status, timestamp, ...plain }, context);
}

const Halt: Command<Context> = {
  request: Type.Object({ session: Type.Integer() }, closed),
  response: Type.Object({ halted: Type.Boolean() }, closed),
};

/** The toy as the gateway is given it. */
export const TOY: SiteProtocol = {
  subprotocol: "toy1",
  calls: { Hello, Charge } as SiteProtocol["calls"],
  commands: { Halt },
  lenient_rules: [],
  port: toyPort,
  report: toyReport,
};

/** Every command but stopSession is one that the toy does not have. */
function toyPort(send: Send): ChargerPort {
  const answer = { outcome: "unsupported", status: "NotSupported", needs_reboot: false } as const;
  const unsupported = () => Promise.resolve(answer);
  const nothing = () => Promise.resolve();
  return {
    startSession: unsupported,
    stopSession: async (session) => {
      const { halted } = await send("Halt", { session });
      return { outcome: halted ? "accepted" : "refused", status: halted ? "halted" : "going on" };
    },
    setLimit: unsupported,
    setConnectorLimit: unsupported,
    setFailsafe: unsupported,
    readLimit: () => Promise.resolve(null),
    takesWatts: () => Promise.resolve(false),
    clearLimits: unsupported,
    unlock: unsupported,
    reset: unsupported,
    setAvailability: unsupported,
    readConfiguration: nothing,
    configurationValue: () => Promise.resolve(null),
    writeConfiguration: unsupported,
    setPassword: unsupported,
    trigger: unsupported,
    readLocalListVersion: nothing,
    sendLocalList: unsupported,
    syncLocalList: unsupported,
    reserve: unsupported,
    cancelReservation: unsupported,
    getDiagnostics: nothing,
    sendCertificate: unsupported,
  };
}

function toyReport({ action }: AnsweredCall): ChargerReport | null {
  return action === "Hello" ? { kind: "boot" } : null;
}
