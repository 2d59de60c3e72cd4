// /ocpp/chargers/<cid>/action/: OCPP calls to a charger, with its answer.
import { Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import { Refusal } from "../../site/context.ts";
import { holdsMask, mask } from "../../central/redaction.ts";
import { CallFailed, OcppError } from "../../ocpp/error.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import { HttpError } from "../http_error.ts";
import { requireRole } from "../auth/identity.ts";
import { readBody } from "../input.ts";
import { roleForCommand } from "../auth/roles.ts";
import type { Services } from "../services.ts";
import { chargerNamed } from "./chargers.ts";

/** What a command's POST holds. */
export const Command = Type.Object({
  action: Type.String(),
  payload: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
}, { additionalProperties: false });

const checker = { ...checkerOf(Command), schema: Command };

/** The routes of the commands. */
export function actionRoutes(services: Services): Hono {
  const app = new Hono({ strict: false });
  app.post("/:cid/action", async (c) => {
    const { charger_id } = chargerNamed(c.req.param("cid"), services);
    const { action, payload = {} } = await readBody(c, checker);
    const name = services.central.protocolOf(charger_id).rest_names.get(action);
    if (!name) throw new HttpError(400, `action '${action.slice(0, 50)}' is unknown`);
    requireRole(c, roleForCommand(action));
    if (holdsMask(payload)) {
      throw new HttpError(400, "payload contains ***, the mask of a secret: send the secret itself");
    }
    try {
      const { message_id, response, followed_by } = await services.central.send(charger_id, name, payload);
      const status = typeof response.status === "string" ? { status: response.status } : {};
      return c.json({
        action,
        message_id,
        ...status,
        response: mask(response),
        ...(followed_by ? { followed_by } : {}),
      });
    } catch (error) {
      throw asHttpError(error);
    }
  });
  return app;
}

/** What went wrong with a command, in HTTP's words: 400, 409, 502 or 504. */
export function asHttpError(error: unknown): unknown {
  if (error instanceof Refusal) return new HttpError(error.reason === "input" ? 400 : 409, error.message);
  if (error instanceof OcppError) {
    const text = `The charger answered ${error.code}${error.message ? `: ${error.message}` : ""}`;
    return new HttpError(502, text, { code: error.code, details: mask(error.details) });
  }
  if (!(error instanceof CallFailed)) return error;
  if (error.reason === "timeout") return new HttpError(504, error.message);
  if (error.reason === "closed") return new HttpError(409, error.message);
  return new HttpError(502, error.message, { code: "InvalidResponse", details: mask(error.raw ?? null) });
}
