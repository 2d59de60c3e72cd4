// /ocpp/chargers/{charger_id}/password/: a new key for the charger's connections.
import type { CentralSystem } from "../../../central/central_system.ts";
import { randomKey } from "../../../site/security/charger_key.ts";
import { Type } from "../../../ocpp/schema_builder.ts";
import { route } from "../../route.ts";
import { Body } from "../../schemas.ts";
import { chargerNamed, type NamingDeps } from "./charger_named.ts";
import { COMMAND_ERRORS, sending } from "./commands.ts";

interface PasswordDeps extends NamingDeps {
  central: Pick<CentralSystem, "registeredId" | "port">;
}

/** The routes of /ocpp/chargers/{charger_id}/password/. */
export const passwordRoutes = [
  route({
    method: "POST",
    path: "/ocpp/chargers/{charger_id}/password/",
    role: "admin",
    summary: "Send a charger a new AuthorizationKey; the old one is valid until it has used the new",
    audit: { action: "password", kind: "charger", id: "charger_id" },
    body: Body({
      password: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 40,
          description: "Left out: random bytes, which nobody sees",
        }),
      ),
    }),
    response: Type.Object({ status: Type.String({ description: "The charger's answer" }) }),
    errors: COMMAND_ERRORS,
    async handle({ params, body: { password = randomKey() } }, deps: PasswordDeps) {
      const port = deps.central.port(chargerNamed(params.charger_id, deps).charger_id);
      return { status: (await sending(() => port.setPassword(password))).status };
    },
  }),
];
