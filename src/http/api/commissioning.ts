// /ocpp/commissioning/: acceptance tests of chargers, and their hand-over reports.
import type { CentralSystem } from "../../central/central_system.ts";
import { acceptedTags, languageOf } from "../../i18n/language.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Commissionings } from "../../services/commissioning/commissionings.ts";
import { CommissioningOptions } from "../../services/commissioning/options.ts";
import { STEPS } from "../../services/commissioning/steps.ts";
import { type Commissioning, resultKey, type Store } from "../../store/store.ts";
import { shownTo, type TagMaskDeps } from "../auth/tag_mask.ts";
import { HttpError, notFound } from "../http_error.ts";
import { invalidField } from "../input.ts";
import {
  commissioningReport,
  reportCsp,
  type ReportDeps,
  reportPage,
} from "../pages/commissioning_report.tsx";
import { route } from "../route.ts";
import { AnyObject, Body, named, Nullable, NUMBERED_PAGE, OptionalTime, page, Time } from "../schemas.ts";
import { chargerNamed } from "./charger/charger_named.ts";
import { sending } from "./charger/commands.ts";

const StepId = Type.Enum(STEPS.map(({ id }) => id));
const ConnectorNumber = Type.Integer({ minimum: 0, maximum: 1000 });
const Text = Type.Object({ en: Type.String(), es: Type.String() });
const Options = Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]));
const WORDS = {
  installer: Type.Optional(Type.String({ maxLength: 100 })),
  notes: Type.Optional(Type.String({ maxLength: 4000 })),
};

const Result = Type.Object({
  commissioning_id: Type.Integer(),
  step: Type.String(),
  connector_id: Type.Integer(),
  result: Type.Enum(["pass", "observation", "fail", "skip"]),
  reason: Text,
  figures: Options,
  at: Time,
  seconds: Type.Number(),
});

const RECORD = {
  commissioning_id: Type.Integer(),
  charger_id: Type.String(),
  state: Type.Enum(["running", "broken_off", "done"]),
  started_at: Time,
  ended_at: OptionalTime,
  installer: Type.String(),
  notes: Type.String(),
  gateway_version: Type.String(),
  connectors: Type.Array(Type.Integer()),
  without: Type.Array(Type.String(), { description: "Steps to skip" }),
  options: Options,
  reason: Nullable(Text),
  signature: Nullable(Type.Object({ name: Type.String(), at: Time })),
};

const CommissioningSchema = named(
  "Commissioning",
  Type.Object({
    ...RECORD,
    current: Nullable(Type.Object({
      step: Type.String(),
      connector_id: Type.Integer(),
      since: Time,
      prompt: Nullable(Text),
      ask: Nullable(Type.String()),
      until: OptionalTime,
    })),
    charger_name: Type.String(),
    passed: Type.Integer(),
    observed: Type.Integer({ description: "Steps that passed with something that people should know" }),
    failed: Type.Integer(),
    skipped: Type.Integer(),
    results: Type.Array(Result),
  }),
);

const Frame = Type.Object({ at: Time, direction: Type.Enum(["in", "out"]), text: Type.String() });

const Step = Type.Object({
  id: Type.String(),
  phase: Type.Enum(["begin", "connector", "end"]),
  name: Text,
  does: Text,
  judged: Text,
  hint: Text,
  guided: Type.Optional(Type.Literal(true)),
  needs: Type.Optional(Type.Array(Type.String())),
  in_session: Type.Optional(Type.Literal(true)),
});

const { guided: _, needs: __, in_session: ___, id: ____, phase: _____, ...TEXTS } = Step.properties;
const OptionalNumber = Nullable(Type.Number());
const Report = Type.Object({
  ...RECORD,
  made_at: Time,
  time_zone: Type.String(),
  site: Type.Object({ name: Type.String(), latitude: OptionalNumber, longitude: OptionalNumber }),
  charger: AnyObject,
  landing_url: Type.String(),
  verdict: Type.Enum(["pass", "observation", "fail", "unfinished"]),
  results: Type.Array(Type.Object({ ...Result.properties, ...TEXTS, frames: Type.Array(Frame) })),
  places: Type.Array(
    Type.Object({ charger_id: Type.String(), latitude: Type.Number(), longitude: Type.Number() }),
  ),
});

const Acting = Body({
  action: Type.Enum(["break_off", "resume", "skip", "repeat"]),
  step: Type.Optional(StepId),
  connector_id: Type.Optional(ConnectorNumber),
});

interface CommissioningDeps {
  store: Store;
  commissionings: Commissionings;
}

/** The routes of /ocpp/commissioning/. */
export const commissioningRoutes = [
  route({
    method: "GET",
    path: "/ocpp/commissioning/",
    role: "viewer",
    summary: "Acceptance tests of chargers, newest first",
    query: Type.Object({ charger_id: Type.Optional(Type.String()), ...NUMBERED_PAGE }),
    response: page("commissionings", CommissioningSchema),
    handle({ query: { charger_id, limit = 100, cursor = Infinity } }, deps: CommissioningDeps) {
      const all = deps.store.commissionings.all().toReversed().filter((record) =>
        record.commissioning_id < cursor && (charger_id === undefined || record.charger_id === charger_id)
      );
      const shown = all.slice(0, limit);
      const next = all.length > limit ? String(shown.at(-1)!.commissioning_id) : null;
      return { commissionings: shown.map((record) => viewOf(record, deps)), next };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/commissioning/steps/",
    role: "viewer",
    summary: "The steps of an acceptance test, and the schema of its options",
    response: Type.Object({ steps: Type.Array(Step), options: AnyObject }),
    handle: () => ({ steps: [...STEPS], options: { ...CommissioningOptions } }),
  }),
  route({
    method: "POST",
    path: "/ocpp/commissioning/",
    role: "admin",
    summary: "Start the acceptance test of a charger",
    audit: { action: "create", kind: "commissioning", id: "charger_id" },
    body: Body({
      charger_id: Type.String(),
      ...WORDS,
      connectors: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 1000 }), { minItems: 1 })),
      without: Type.Optional(Type.Array(StepId)),
      options: Type.Optional(Type.Partial(CommissioningOptions)),
    }),
    response: CommissioningSchema,
    status: 201,
    errors: ["state_forbids", "not_found"],
    async handle(
      { body: { charger_id, ...wanted } },
      deps: CommissioningDeps & { central: Pick<CentralSystem, "registeredId"> },
    ) {
      const charger = chargerNamed(charger_id, deps);
      const begun = await sending(() => deps.commissionings.begin(charger.charger_id, wanted));
      return viewOf(begun, deps);
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/commissioning/{id}/",
    role: "viewer",
    summary: "An acceptance test with its results",
    response: CommissioningSchema,
    handle: ({ params }, deps: CommissioningDeps) => viewOf(commissioningNamed(params.id, deps), deps),
  }),
  route({
    method: "PATCH",
    path: "/ocpp/commissioning/{id}/",
    role: "admin",
    summary: "Change the installer's name and notes",
    audit: { action: "change", kind: "commissioning", id: "id" },
    body: Body(WORDS),
    response: CommissioningSchema,
    async handle({ params, body }, deps: CommissioningDeps) {
      // the record itself is changed: a test under way stores it again with each step
      const changed = Object.assign(commissioningNamed(params.id, deps), body);
      await deps.store.commissionings.put(changed);
      return viewOf(changed, deps);
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/commissioning/{id}/sign/",
    role: "operator",
    summary: "Accept the results of a test that is done, by name",
    audit: { action: "sign", kind: "commissioning", id: "id" },
    body: Body({ name: Type.String({ minLength: 1, maxLength: 100, pattern: "\\S" }) }),
    response: CommissioningSchema,
    errors: ["state_forbids"],
    async handle({ params, body }, deps: CommissioningDeps & { now: () => number }) {
      const record = commissioningNamed(params.id, deps);
      if (record.state !== "done") throw new HttpError("state_forbids", "The commissioning is not done");
      record.signature = { name: body.name.trim(), at: new Date(deps.now()).toISOString() };
      await deps.store.commissionings.put(record);
      return viewOf(record, deps);
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/commissioning/{id}/",
    role: "admin",
    summary: "Delete an acceptance test",
    audit: { action: "delete", kind: "commissioning", id: "id" },
    response: null,
    errors: ["state_forbids"],
    handle: ({ params }, deps: CommissioningDeps) => forget(commissioningNamed(params.id, deps), deps),
  }),
  route({
    method: "POST",
    path: "/ocpp/commissioning/{id}/action/",
    role: "admin",
    summary: "Interrupt or resume a test, skip its current step, or repeat a step",
    audit: { action: "{action}", kind: "commissioning", id: "id" },
    body: Acting,
    response: CommissioningSchema,
    errors: ["state_forbids"],
    async handle({ params, body: { action, step, connector_id = 0 } }, deps: CommissioningDeps) {
      const { commissionings } = deps;
      const record = commissioningNamed(params.id, deps);
      if (action === "repeat" && step === undefined) throw invalidField("step", "is missing");
      await sending(async () => {
        if (action === "skip") commissionings.skip(record);
        else if (action === "break_off") await commissionings.breakOff(record);
        else if (action === "resume") await commissionings.resume(record);
        else await commissionings.repeat(record, step!, connector_id);
      });
      return viewOf(commissioningNamed(params.id, deps), deps);
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/commissioning/{id}/frames/",
    role: "viewer",
    summary: "The messages of a step, as evidence",
    query: Type.Object({
      step: Type.Optional(Type.String()),
      connector_id: Type.Optional(ConnectorNumber),
    }),
    response: Type.Object({ frames: Type.Array(Frame) }),
    async handle({ params, query: { step = "", connector_id = 0 } }, deps: CommissioningDeps) {
      const { commissioning_id } = commissioningNamed(params.id, deps);
      const key = resultKey({ commissioning_id, step, connector_id });
      return { frames: (await deps.store.commissioning_frames.get(key))?.frames ?? [] };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/commissioning/{id}/report/",
    role: "viewer",
    summary: "The hand-over report as a page to print",
    query: Type.Object({
      lang: Type.Optional(Type.String({ description: "en or es; left out: the site's" })),
    }),
    response: "text/html",
    async handle({ params, query: { lang }, c }, deps: CommissioningDeps & ReportDeps & TagMaskDeps) {
      const language = languageOf(acceptedTags(lang), deps.store.settings.language);
      const report = await commissioningReport(commissioningNamed(params.id, deps), c.req.raw, deps);
      c.header("content-security-policy", reportCsp());
      return c.html(await reportPage(shownTo(c, report, deps), language));
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/commissioning/{id}/report.json",
    role: "viewer",
    summary: "The hand-over report as data",
    response: Report,
    async handle({ params, c }, deps: CommissioningDeps & ReportDeps) {
      const record = commissioningNamed(params.id, deps);
      const file = `commissioning-${record.commissioning_id}.json`;
      c.header("content-disposition", `attachment; filename="${file}"`);
      return await commissioningReport(record, c.req.raw, deps);
    },
  }),
];

/** A commissioning as REST shows it. */
function viewOf(record: Commissioning, { commissionings, store }: CommissioningDeps) {
  const { before: _before, ...shown } = record;
  const results = commissionings.results(record);
  const count = (result: string) => results.filter((each) => each.result === result).length;
  return {
    ...shown,
    charger_name: store.chargers.get(record.charger_id)?.name ?? "",
    signature: record.signature ?? null,
    passed: count("pass"),
    observed: count("observation"),
    failed: count("fail"),
    skipped: count("skip"),
    results,
  };
}

function commissioningNamed(id: string, { store }: CommissioningDeps): Commissioning {
  const record = /^\d{1,9}$/.test(id) ? store.commissionings.get(id.padStart(9, "0")) : undefined;
  if (!record) throw notFound("commissioning", id, 20);
  return record;
}

async function forget(record: Commissioning, { commissionings, store }: CommissioningDeps): Promise<void> {
  if (record.state === "running") throw new HttpError("state_forbids", "The commissioning is under way");
  const keys = commissionings.results(record).map(resultKey);
  await Promise.all([
    store.commissionings.delete(String(record.commissioning_id).padStart(9, "0")),
    ...keys.map((key) => store.commissioning_results.delete(key)),
    ...keys.map((key) => store.commissioning_frames.delete(key)),
  ]);
}
