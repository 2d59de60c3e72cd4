// /ocpp/jobs/ and /ocpp/chargers/{charger_id}/jobs/: firmware updates, and uploads of diagnostics and logs.
import { Type } from "../../../ocpp/schema_builder.ts";
import { jobsOf } from "../../../site/files/jobs.ts";
import { route } from "../../route.ts";
import { named, Nullable, NUMBERED_PAGE, OptionalTime, page, pageFrom, Time } from "../../schemas.ts";
import { chargerNamed, type NamingDeps } from "./charger_named.ts";

const Jobs = page(
  "jobs",
  named(
    "Job",
    Type.Object({
      job_id: Type.Integer(),
      charger_id: Type.String(),
      action: Type.Enum(["GetDiagnostics", "UpdateFirmware", "GetLog", "SignedUpdateFirmware"]),
      request_id: Nullable(Type.Integer()),
      state: Type.Enum(["running", "done", "failed", "cancelled", "refused", "nothing", "unknown"]),
      history: Type.Array(Type.Object({ at: Time, status: Type.String() })),
      location: Type.String({ description: "The URL that the charger was sent; passwords are masked" }),
      file_name: Nullable(Type.String({ description: "The charger's name for its upload" })),
      file: Nullable(Type.String({ description: "The gateway's name for it" })),
      created_at: Time,
      starts_at: Type.Optional(Time),
      ended_at: OptionalTime,
    }),
  ),
);

/** The routes of /ocpp/jobs/ and /ocpp/chargers/{charger_id}/jobs/. */
export const jobRoutes = [
  route({
    method: "GET",
    path: "/ocpp/jobs/",
    role: "viewer",
    summary: "All firmware updates and uploads, newest first",
    query: Type.Object(NUMBERED_PAGE),
    response: Jobs,
    handle({ query }, { store }: NamingDeps) {
      const { records, next } = pageFrom(jobsOf(store), query);
      return { jobs: records, next };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/jobs/",
    role: "viewer",
    summary: "A charger's firmware updates and uploads, newest first",
    query: Type.Object(NUMBERED_PAGE),
    response: Jobs,
    handle({ params, query }, deps: NamingDeps) {
      const { charger_id } = chargerNamed(params.charger_id, deps);
      const { records, next } = pageFrom(jobsOf(deps.store, charger_id), query);
      return { jobs: records, next };
    },
  }),
];
