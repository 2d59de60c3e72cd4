// /ocpp/chargers/{charger_id}/action/: an OCPP command to a charger, with the charger's answer.
import type { CentralSystem } from "../../../central/central_system.ts";
import type { CommandResult } from "../../../central/command.ts";
import { holdsMask, mask } from "../../../central/redaction.ts";
import { CallFailed, OcppError } from "../../../ocpp/error.ts";
import { Type } from "../../../ocpp/schema_builder.ts";
import type { Activity } from "../../../site/activity/activity.ts";
import { Refusal } from "../../../site/context.ts";
import type { ActivitySeverity, ActivityValues } from "../../../store/store.ts";
import { identityOf, requireRole } from "../../auth/identity.ts";
import { roleForCommand } from "../../auth/roles.ts";
import { HttpError } from "../../http_error.ts";
import { route } from "../../route.ts";
import { AnyObject, Body } from "../../schemas.ts";
import { chargerNamed, type NamingDeps } from "./charger_named.ts";

/** The errors of routes that send a command to a charger. */
export const COMMAND_ERRORS = [
  "invalid_field",
  "state_forbids",
  "charger_error",
  "charger_timeout",
] as const;

const MAX_WARNINGS = 20;

interface CommandDeps extends NamingDeps {
  central: Pick<CentralSystem, "registeredId" | "protocolOf" | "send">;
  activity: Pick<Activity, "noteNow">;
}

/** The routes of /ocpp/chargers/{charger_id}/action/. */
export const commandRoutes = [
  route({
    method: "POST",
    path: "/ocpp/chargers/{charger_id}/action/",
    role: "operator",
    summary: "Send an OCPP command and wait for the charger's answer",
    audit: { action: "{action}", kind: "charger", id: "charger_id", is_command: true },
    body: Body({
      action: Type.String(),
      payload: Type.Optional(AnyObject),
      confirm: Type.Optional(
        Type.Boolean({
          description: "True for a command that is refused without it; same as in the payload",
        }),
      ),
    }),
    response: Type.Object({
      action: Type.String(),
      message_id: Type.String(),
      status: Type.Optional(Type.String({ description: "The status in the answer, if it has one" })),
      response: AnyObject,
      warnings: Type.Optional(
        Type.Array(Type.String(), {
          description: `What is odd in the answer, at most ${MAX_WARNINGS} sentences; left out if nothing is`,
        }),
      ),
      followed_by: Type.Optional(
        Type.Object({ action: Type.String(), payload: Type.Unknown() }, {
          description: "The triggered message, if it arrived soon",
        }),
      ),
    }),
    errors: [...COMMAND_ERRORS, "unknown_action", "masked_secret", "role_required"],
    async handle({ params, body: { action, payload: given = {}, confirm }, c }, deps: CommandDeps) {
      const { central } = deps;
      const payload = confirm === undefined ? given : { ...given, confirm };
      const { charger_id } = chargerNamed(params.charger_id, deps);
      const name = central.protocolOf(charger_id).rest_names.get(action);
      if (!name) throw unknownAction(action.slice(0, 50));
      requireRole(c, roleForCommand(action));
      if (holdsMask(payload)) {
        throw new HttpError(
          "masked_secret",
          "payload contains ***, the mask of a secret: send the secret itself",
        );
      }
      const { message_id, response, warnings, followed_by } = await noted(
        { charger_id, action, user: identityOf(c).name },
        { activity: deps.activity, send: () => sending(() => central.send(charger_id, name, payload)) },
      );
      const status = typeof response.status === "string" ? { status: response.status } : {};
      return {
        action,
        message_id,
        ...status,
        response: mask(response) as Record<string, unknown>,
        ...(warnings.length > 0 ? { warnings: warnings.slice(0, MAX_WARNINGS) } : {}),
        ...(followed_by ? { followed_by } : {}),
      };
    },
  }),
];

/** Sends a command and notes it in the event log with its outcome, before the outcome is told. */
async function noted(
  { charger_id, action, user }: { charger_id: string; action: string; user: string },
  { activity, send }: { activity: CommandDeps["activity"]; send: () => Promise<CommandResult> },
): Promise<CommandResult> {
  const note = (severity: ActivitySeverity, outcome: ActivityValues) =>
    activity.noteNow({ kind: "command", severity, charger_id, user, values: { action, ...outcome } });
  try {
    const result = await send();
    const { status } = result.response;
    await note("info", typeof status === "string" ? { status } : {});
    return result;
  } catch (error) {
    if (error instanceof HttpError && error.status !== 400) await note("warning", { error: error.code });
    throw error;
  }
}

function unknownAction(action: string): HttpError {
  return new HttpError("unknown_action", `action '${action}' is unknown`, { values: { action } });
}

/** Sends a command to a charger. Throws HttpError 400, 409, 502 or 504. */
export async function sending<T>(send: () => T | Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw asHttpError(error);
  }
}

function asHttpError(error: unknown): unknown {
  if (error instanceof Refusal) {
    return new HttpError(error.reason === "input" ? "invalid_field" : "state_forbids", error.message);
  }
  if (error instanceof OcppError) {
    const { code, message, details } = error;
    return chargerError(`The charger answered ${code}${message ? `: ${message}` : ""}`, code, details);
  }
  if (!(error instanceof CallFailed)) return error;
  if (error.reason === "timeout") return new HttpError("charger_timeout", error.message);
  if (error.reason === "closed") return new HttpError("state_forbids", error.message);
  return chargerError(error.message, "InvalidResponse", error.raw ?? null);
}

function chargerError(text: string, code: string, details: unknown): HttpError {
  return new HttpError("charger_error", text, { charger: { code, details: mask(details) } });
}
