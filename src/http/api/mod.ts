// The routes of REST, one line for each resource.
import type { Route } from "../route.ts";
import type { DepsOf } from "../route.ts";
import { auditRoutes } from "./audit.ts";
import { backupRoutes } from "./backups.ts";
import { certificateRoutes } from "./charger/certificates.ts";
import { commandRoutes } from "./charger/commands.ts";
import { configurationRoutes } from "./charger/configuration.ts";
import { fileRoutes } from "./charger/files.ts";
import { jobRoutes } from "./charger/jobs.ts";
import { localListRoutes } from "./charger/local_list.ts";
import { passwordRoutes } from "./charger/password.ts";
import { profileRoutes } from "./charger/profiles.ts";
import { readingRoutes } from "./charger/readings.ts";
import { reservationRoutes } from "./charger/reservations.ts";
import { securityEventRoutes } from "./charger/security_events.ts";
import { chargerRoutes } from "./chargers.ts";
import { clockRoutes } from "./clock.ts";
import { commissioningRoutes } from "./commissioning.ts";
import { templateRoutes } from "./configuration_templates.ts";
import { eventRoutes } from "./events.ts";
import { firmwareRoutes } from "./firmware.ts";
import { healthRoutes } from "./health.ts";
import { mapRoutes } from "./map.ts";
import { metricsRoutes } from "./metrics.ts";
import { planRoutes } from "./plan.ts";
import { powerRoutes } from "./power.ts";
import { revocationRoutes } from "./revocations.ts";
import { rfidRoutes } from "./rfids.ts";
import { sessionRoutes } from "./session.ts";
import { settingsRoutes } from "./settings.ts";
import { setupRoutes } from "./setup.ts";
import { simulatorRoutes } from "./simulators.ts";
import { systemRoutes } from "./system.ts";
import { tileRoutes } from "./tiles.ts";
import { tokenRoutes } from "./tokens.ts";
import { transactionRoutes } from "./transactions.ts";
import { userRoutes } from "./users.ts";
import { waitingRoutes } from "./waiting.ts";

const LIST = [
  ...healthRoutes,
  ...sessionRoutes,
  ...setupRoutes,
  ...chargerRoutes,
  ...commandRoutes,
  ...readingRoutes,
  ...reservationRoutes,
  ...profileRoutes,
  ...jobRoutes,
  ...securityEventRoutes,
  ...certificateRoutes,
  ...localListRoutes,
  ...passwordRoutes,
  ...configurationRoutes,
  ...fileRoutes,
  ...transactionRoutes,
  ...rfidRoutes,
  ...simulatorRoutes,
  ...commissioningRoutes,
  ...templateRoutes,
  ...firmwareRoutes,
  ...settingsRoutes,
  ...mapRoutes,
  ...planRoutes,
  ...tileRoutes,
  ...powerRoutes,
  ...eventRoutes,
  ...userRoutes,
  ...tokenRoutes,
  ...waitingRoutes,
  ...revocationRoutes,
  ...auditRoutes,
  ...clockRoutes,
  ...backupRoutes,
  ...systemRoutes,
  ...metricsRoutes,
];

/** The parts that the routes work with. */
export type ApiDeps = DepsOf<typeof LIST>;

/** A route with its types, as clients know REST. */
export type Api = (typeof LIST)[number];

/** All routes. */
export const ROUTES: readonly Route<ApiDeps>[] = LIST;
