// /ocpp/commissioning/: acceptance tests of chargers, and their hand-over reports.
import { type Context, Hono } from "hono";
import { acceptedTags, languageOf } from "../../i18n/language.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { CommissioningOptions } from "../../services/commissioning/options.ts";
import { STEPS } from "../../services/commissioning/steps.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import { type Commissioning, resultKey } from "../../store/store.ts";
import { commissioningReport, REPORT_CSP, reportPage } from "../pages/commissioning_report.tsx";
import { HttpError } from "../http_error.ts";
import { queryLimit, queryNumber, readBody } from "../input.ts";
import type { Services } from "../services.ts";
import { asHttpError } from "./actions.ts";
import { chargerNamed } from "./chargers.ts";

const STEP_IDS = STEPS.map(({ id }) => id);
const ConnectorNumber = Type.Integer({ minimum: 0, maximum: 1000 });
const Words = {
  installer: Type.Optional(Type.String({ maxLength: 100 })),
  notes: Type.Optional(Type.String({ maxLength: 4000 })),
};

/** What a commissioning is begun with. */
export const NewCommissioning = Type.Object({
  charger_id: Type.String(),
  ...Words,
  connectors: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 1000 }), { minItems: 1 })),
  without: Type.Optional(Type.Array(Type.Enum(STEP_IDS))),
  options: Type.Optional(Type.Partial(CommissioningOptions)),
}, { additionalProperties: false });

/** What its PATCH may hold. */
export const CommissioningChanges = Type.Object(Words, { additionalProperties: false });

/** What is done with one; `repeat` names the step. */
export const CommissioningAction = Type.Object({
  action: Type.Enum(["break_off", "resume", "skip", "repeat"]),
  step: Type.Optional(Type.Enum(STEP_IDS)),
  connector_id: Type.Optional(ConnectorNumber),
}, { additionalProperties: false });

const newChecker = { ...checkerOf(NewCommissioning), schema: NewCommissioning };
const changesChecker = { ...checkerOf(CommissioningChanges), schema: CommissioningChanges };
const actionChecker = { ...checkerOf(CommissioningAction), schema: CommissioningAction };

/** The routes of the commissionings. */
export function commissioningRoutes(services: Services): Hono {
  const app = new Hono({ strict: false });
  const named = (c: Context) => commissioningNamed(c.req.param("id") ?? "", services);
  app.get("/", (c) => list(c, services));
  app.get("/steps", (c) => c.json({ steps: STEPS, options: CommissioningOptions }));
  app.post("/", async (c) => c.json(viewOf(await begin(c, services), services), 201));
  app.get("/:id", (c) => c.json(viewOf(named(c), services)));
  app.patch("/:id", async (c) => {
    // the record that runs is changed as it is, since it is stored again with each step
    const changed = Object.assign(named(c), await readBody(c, changesChecker));
    await services.store.commissionings.put(changed);
    return c.json(viewOf(changed, services));
  });
  app.delete("/:id", async (c) => {
    await forget(named(c), services);
    return c.body(null, 204);
  });
  app.post("/:id/action", async (c) => {
    await act(c, named(c), services);
    return c.json(viewOf(named(c), services));
  });
  app.get("/:id/frames", async (c) => c.json({ frames: await framesOf(c, named(c), services) }));
  app.get("/:id/report.json", async (c) => {
    const report = await commissioningReport(named(c), c.req.raw, services);
    c.header("content-disposition", `attachment; filename="commissioning-${report.commissioning_id}.json"`);
    return c.json(report);
  });
  app.get("/:id/report", async (c) => {
    const language = languageOf(acceptedTags(c.req.query("lang") ?? c.req.header("accept-language")));
    c.header("content-security-policy", REPORT_CSP);
    return c.html(await reportPage(await commissioningReport(named(c), c.req.raw, services), language));
  });
  return app;
}

/** A commissioning as REST shows it. */
function viewOf(record: Commissioning, { commissionings, store }: Services): Record<string, unknown> {
  const { before: _before, ...shown } = record;
  const results = commissionings.results(record);
  const count = (result: string) => results.filter((each) => each.result === result).length;
  return {
    ...shown,
    charger_name: store.chargers.get(record.charger_id)?.name ?? "",
    passed: count("pass"),
    failed: count("fail"),
    skipped: count("skip"),
    results,
  };
}

/** Newest first. */
function list(c: Context, services: Services): Response {
  const limit = queryLimit(c);
  const before = queryNumber(c, "cursor", 1, 1e9) ?? Infinity;
  const charger_id = c.req.query("charger_id");
  const all = services.store.commissionings.all().toReversed().filter((record) =>
    record.commissioning_id < before && (charger_id === undefined || record.charger_id === charger_id)
  );
  const page = all.slice(0, limit);
  const next = all.length > limit ? String(page.at(-1)!.commissioning_id) : null;
  return c.json({ commissionings: page.map((record) => viewOf(record, services)), next });
}

function commissioningNamed(id: string, { store }: Services): Commissioning {
  const record = /^\d{1,9}$/.test(id) ? store.commissionings.get(id.padStart(9, "0")) : undefined;
  if (!record) throw new HttpError(404, `There is no commissioning ${id.slice(0, 20)}`);
  return record;
}

async function begin(c: Context, services: Services): Promise<Commissioning> {
  const { charger_id, ...wanted } = await readBody(c, newChecker);
  const charger = chargerNamed(charger_id, services);
  return await refused(() => services.commissionings.begin(charger.charger_id, wanted));
}

async function act(c: Context, record: Commissioning, { commissionings }: Services): Promise<void> {
  const { action, step, connector_id = 0 } = await readBody(c, actionChecker);
  if (action === "repeat" && step === undefined) throw new HttpError(400, "step is missing");
  await refused(async () => {
    if (action === "skip") commissionings.skip(record);
    else if (action === "break_off") await commissionings.breakOff(record);
    else if (action === "resume") await commissionings.resume(record);
    else await commissionings.repeat(record, step!, connector_id);
  });
}

async function refused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asHttpError(error);
  }
}

async function framesOf(c: Context, { commissioning_id }: Commissioning, { store }: Services) {
  const step = c.req.query("step") ?? "";
  const connector_id = queryNumber(c, "connector_id", 0, 1000) ?? 0;
  const found = await store.commissioning_frames.get(resultKey({ commissioning_id, step, connector_id }));
  return found?.frames ?? [];
}

async function forget(record: Commissioning, { commissionings, store }: Services): Promise<void> {
  if (record.state === "running") throw new HttpError(409, "The commissioning is under way");
  const keys = commissionings.results(record).map(resultKey);
  await Promise.all([
    store.commissionings.delete(String(record.commissioning_id).padStart(9, "0")),
    ...keys.map((key) => store.commissioning_results.delete(key)),
    ...keys.map((key) => store.commissioning_frames.delete(key)),
  ]);
}
