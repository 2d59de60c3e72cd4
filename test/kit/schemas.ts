// The schemas of OCPP 1.6 and its security extension from the npm package `ocpp-rpc`: a check independent of our own schemas.
import schemas from "ocpp-rpc/lib/schemas/ocpp1_6.json" with { type: "json" };
import type { TSchema } from "typebox";
import { type Checker, checkerOf, sentenceOf } from "../../src/ocpp/schema.ts";

const CHECKERS: ReadonlyMap<string, Checker> = new Map(
  (schemas as ({ $id: string })[]).map(({ $id, ...schema }) => [
    $id.replace("urn:", ""),
    checkerOf(schema as unknown as TSchema),
  ]),
);

/** Throws if a payload is not valid; `message` is such as `BootNotification.req` or `BootNotification.conf`. */
export function assertValid(message: string, payload: unknown): void {
  const checker = CHECKERS.get(message);
  if (!checker) throw new Error(`${message} is no message of OCPP 1.6`);
  const wrong = checker.violations(payload)[0];
  if (wrong) throw new Error(`${message} is not valid: ${sentenceOf(wrong)}: ${JSON.stringify(payload)}`);
}
