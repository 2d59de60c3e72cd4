// /ocpp/transactions/{transaction_id}/surplus/: the choice for a session to charge from the surplus alone.
import type { LoadManagement } from "../../services/load/load_management.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { HttpError } from "../http_error.ts";
import { route } from "../route.ts";
import { Body, Nullable } from "../schemas.ts";

/** The route of the choice. */
export const sessionSurplusRoutes = [
  route({
    method: "PUT",
    path: "/ocpp/transactions/{transaction_id}/surplus/",
    role: "operator",
    summary:
      "Let a session charge from the surplus alone, or at full power, whatever its charger's choice is",
    audit: { action: "surplus", kind: "transaction", id: "transaction_id" },
    body: Body({
      surplus: Nullable(Type.Boolean({ description: "null: as its charger" })),
    }),
    response: null,
    errors: ["state_forbids"],
    async handle({ params: { transaction_id }, body }, { load }: { load: LoadManagement }) {
      if (await load.chooseSurplus(Number(transaction_id), body.surplus)) return;
      throw new HttpError(
        "state_forbids",
        `Transaction ${transaction_id} is not under way at a charger with load management`,
        { values: { transaction_id } },
      );
    },
  }),
];
