// /ocpp/chargers/<cid>/readings/: every sampled value.
import { type Context, Hono } from "hono";
import { HttpError } from "../http_error.ts";
import { csvResponse } from "../csv.ts";
import { queryLimit, queryNumber, queryTime } from "../input.ts";
import type { Services } from "../services.ts";

const COLUMNS = [
  "at",
  "charger_id",
  "connector_id",
  "transaction_id",
  "measurand",
  "value",
  "unit",
  "phase",
  "context",
  "location",
  "format",
] as const;

/** The routes of the readings. */
export function readingRoutes(services: Services): Hono {
  const { readings } = services.store;
  const app = new Hono({ strict: false });
  app.get("/:cid/readings", async (c) => {
    const filter = filterOf(c, services);
    if (c.req.query("format") === "csv") return csvResponse("readings", COLUMNS, readings.scan(filter));
    const cursor = c.req.query("cursor");
    try {
      return c.json(await readings.query({ ...filter, limit: queryLimit(c), ...(cursor ? { cursor } : {}) }));
    } catch (error) {
      if (error instanceof RangeError) {
        throw new HttpError(400, "cursor is invalid: send the next of the page before");
      }
      throw error;
    }
  });
  return app;
}

/** Readings outlive their charger, so any id that is or was one will do. */
function filterOf(c: Context, services: Services) {
  const from = queryTime(c, "from");
  const to = queryTime(c, "to");
  const measurand = c.req.query("measurand");
  const connector_id = queryNumber(c, "connector_id", 0, 1_000_000);
  const transaction_id = queryNumber(c, "transaction_id", 1, 2_147_483_647);
  const format = c.req.query("format");
  if (format !== undefined && format !== "csv" && format !== "json") {
    throw new HttpError(400, "format must be json or csv");
  }
  return {
    charger_id: services.central.registeredId(c.req.param("cid")!),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(measurand === undefined ? {} : { measurand }),
    ...(connector_id === undefined ? {} : { connector_id }),
    ...(transaction_id === undefined ? {} : { transaction_id }),
  };
}
