// /ocpp/diagnosis/: the reasons why connectors do not charge, of all chargers.
import { Type } from "../../ocpp/schema_builder.ts";
import { diagnose, type Diagnosis } from "../../site/diagnosis/diagnosis.ts";
import { CALM, type DiagnosisCode, REMEDIES, type Remedy } from "../../site/diagnosis/remedies.ts";
import type { CentralSystem } from "../../central/central_system.ts";
import type { Charger, Store } from "../../store/store.ts";
import { shownTo, type TagMaskDeps } from "../auth/tag_mask.ts";
import { route } from "../route.ts";
import { chargerNamed } from "./charger/charger_named.ts";
import { named, OptionalTime, PAGE, page, pageBehind } from "../schemas.ts";

const DIAGNOSIS = {
  connector_id: Type.Integer({ description: "0: the whole charger" }),
  code: Type.Enum(Object.keys(REMEDIES) as DiagnosisCode[]),
  since: OptionalTime,
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  remedies: Type.Array(Type.Enum([...new Set<Remedy>(Object.values(REMEDIES).flat())]), {
    description: "Actions that may help, the most promising first: OCPP commands, or the gateway's own",
  }),
};

/** A reason why a connector does not charge. */
export const DiagnosisSchema = named("Diagnosis", Type.Object(DIAGNOSIS));

interface DiagnosisDeps extends TagMaskDeps {
  store: Store;
  central: Pick<CentralSystem, "state" | "registeredId">;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/diagnosis/. */
export const diagnosisRoutes = [
  route({
    method: "GET",
    path: "/ocpp/diagnosis/",
    role: "viewer",
    summary:
      "The chargers whose connectors do not all charge or stand ready, with the reasons, ordered by id",
    query: Type.Object({
      ...PAGE,
      charger_id: Type.Optional(Type.String()),
      calm: Type.Optional(Type.Enum(["false"], {
        description: "false: without what needs nobody, such as a connector that waits for a car",
      })),
    }),
    response: page(
      "chargers",
      Type.Object({ charger_id: Type.String(), name: Type.String(), diagnosis: Type.Array(DiagnosisSchema) }),
    ),
    handle({ query, c }, deps: DiagnosisDeps) {
      const { charger_id: wanted } = query;
      const all = wanted === undefined ? deps.store.chargers.all() : [chargerNamed(wanted, deps)];
      const { records, next } = pageBehind(all, query, ({ charger_id }) => charger_id);
      const chargers = records.map((charger) => ({
        charger_id: charger.charger_id,
        name: charger.name,
        diagnosis: diagnosisOf(charger, deps).filter(({ code }) =>
          query.calm === undefined || !CALM.has(code)
        ),
      }));
      return { chargers: shownTo(c, chargers.filter(({ diagnosis }) => diagnosis.length > 0), deps), next };
    },
  }),
];

/** Returns the diagnosis of a charger. */
export function diagnosisOf(
  charger: Charger,
  { central, store, now }: Pick<DiagnosisDeps, "store" | "now"> & { central: Pick<CentralSystem, "state"> },
): Diagnosis[] {
  return diagnose(charger, { state: central.state(charger.charger_id), store, now });
}
