// /ocpp/session/second_factor/: the second factor of the user who is logged in.
import type { Context } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Store, User } from "../../store/store.ts";
import type { Auth } from "../auth/auth.ts";
import { identityOf } from "../auth/identity.ts";
import { HttpError } from "../http_error.ts";
import { qrSvg } from "../pages/qr.ts";
import { route } from "../route.ts";
import { Body } from "../schemas.ts";

const RecoveryCodes = Type.Object({
  recovery_codes: Type.Array(Type.String(), { description: "Each is good for one login; never shown again" }),
});

interface SecondFactorDeps {
  store: Store;
  auth: Auth;
}

/** The routes of /ocpp/session/second_factor/. */
export const secondFactorRoutes = [
  route({
    method: "POST",
    path: "/ocpp/session/second_factor/",
    role: "viewer",
    summary: "Begin to set one's second factor up: a secret for an authenticator app",
    proof: true,
    audit: null,
    response: Type.Object({
      secret: Type.String({ description: "Base32; never shown again" }),
      uri: Type.String({ description: "otpauth://" }),
      qr_svg: Type.String({ description: "The URI as a QR code" }),
    }),
    errors: ["token_has_no_password", "state_forbids"],
    async handle({ c }, deps: SecondFactorDeps) {
      const begun = deps.auth.second_factors.begin(userOf(c, deps));
      return { ...begun, qr_svg: await qrSvg(begun.uri) };
    },
  }),
  route({
    method: "PUT",
    path: "/ocpp/session/second_factor/",
    role: "viewer",
    summary: "Turn one's second factor on, with a code of the app; the answer has the recovery codes",
    proof: true,
    audit: { action: "second factor on", kind: "user" },
    body: Body({ code: Type.String({ maxLength: 50 }) }),
    response: RecoveryCodes,
    errors: ["token_has_no_password", "state_forbids", "wrong_code", "too_many_tries"],
    async handle({ body: { code }, c }, deps: SecondFactorDeps) {
      return { recovery_codes: await deps.auth.second_factors.finish(userOf(c, deps), code) };
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/session/second_factor/",
    role: "viewer",
    summary: "Take one's second factor off",
    proof: true,
    audit: { action: "second factor off", kind: "user" },
    response: null,
    errors: ["token_has_no_password"],
    async handle({ c }, deps: SecondFactorDeps) {
      await deps.auth.second_factors.remove(userOf(c, deps));
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/session/second_factor/recovery_codes/",
    role: "viewer",
    summary: "Replace one's recovery codes",
    proof: true,
    audit: { action: "new recovery codes", kind: "user" },
    response: RecoveryCodes,
    errors: ["token_has_no_password", "state_forbids"],
    async handle({ c }, deps: SecondFactorDeps) {
      return { recovery_codes: await deps.auth.second_factors.renewCodes(userOf(c, deps)) };
    },
  }),
];

/** Returns the user who is logged in. Throws HttpError 403 for a token, which has no login of its own. */
function userOf(c: Context, { store }: SecondFactorDeps): User {
  const { via, user } = identityOf(c);
  if (via === "token") throw new HttpError("token_has_no_password", "An API token has no login of its own");
  return store.users.get(user)!;
}
