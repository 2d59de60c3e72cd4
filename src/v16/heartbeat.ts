// Heartbeat (OCPP 1.6 §4.6): a sign of life, answered with the current time.
import type { Static } from "typebox";
import { toOcppTime } from "../ocpp/time.ts";
import { DateTime, Nothing, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";

export const request = Nothing;
export const response = Payload({ currentTime: DateTime });
type Response = Static<typeof response>;

/** Records the heartbeat in memory and answers with the current time. */
export function handle(_request: unknown, { state, now }: Context): Response {
  state.last_heartbeat = now();
  return { currentTime: toOcppTime(state.last_heartbeat) };
}
