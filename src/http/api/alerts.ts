// /ocpp/alerts/ and /ocpp/alert_rules/: what people were told, and by which rules.
import type { Static } from "typebox";
import { Type } from "../../ocpp/schema_builder.ts";
import { RULE_NAMES, type RuleName, ruleOf, RULES } from "../../services/outputs/alerts/rules.ts";
import type { Store } from "../../store/store.ts";
import { shownTo, type TagMaskDeps } from "../auth/tag_mask.ts";
import { route } from "../route.ts";
import { Body, named, Nullable, OptionalTime, PAGE, page, Time } from "../schemas.ts";

const SeverityName = Type.Enum(["info", "warning", "critical"]);

const AlertSchema = named(
  "Alert",
  Type.Object({
    alert_id: Type.String(),
    rule: Type.Enum(RULE_NAMES),
    severity: SeverityName,
    code: Type.String({ description: "A diagnosis, the kind of an alarm, `session_doubtful` or `security`" }),
    charger_id: Nullable(Type.String()),
    connector_id: Nullable(Type.Integer()),
    values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    since: Time,
    begun_at: Time,
    ended_at: OptionalTime,
  }),
);

const RULE = {
  enabled: Type.Boolean(),
  hold_s: Type.Integer({ minimum: 0, maximum: 604_800 }),
  severity: SeverityName,
};
const Rule = Type.Object(RULE);
const RuleChange = Body({
  enabled: Type.Optional(RULE.enabled),
  hold_s: Type.Optional(RULE.hold_s),
  severity: Type.Optional(RULE.severity),
});

const Rules = Type.Object(eachRule(Rule));
const Changes = Body(eachRule(Type.Optional(RuleChange)));

interface AlertDeps extends TagMaskDeps {
  store: Store;
}

/** The routes of alerts and their rules. */
export const alertRoutes = [
  route({
    method: "GET",
    path: "/ocpp/alerts/",
    role: "viewer",
    summary: "Alerts, newest first: those that last, and the last 500",
    query: Type.Object({ ...PAGE, state: Type.Optional(Type.Enum(["open", "ended"])) }),
    response: page("alerts", AlertSchema),
    handle({ query: { state, limit = 100, cursor }, c }, deps: AlertDeps) {
      const all = deps.store.alerts.all().reverse().filter(({ alert_id, ended_at }) =>
        (cursor === undefined || alert_id < cursor) &&
        (state === undefined || (ended_at === null) === (state === "open"))
      );
      const alerts = all.slice(0, limit).map(({ untold: _, ...view }) => view) as Static<
        typeof AlertSchema
      >[];
      return { alerts: shownTo(c, alerts, deps), next: all.length > limit ? alerts.at(-1)!.alert_id : null };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/alert_rules/",
    role: "viewer",
    summary: "The rules of alerts",
    response: Rules,
    handle: (_, { store }: AlertDeps) => rulesOf(store),
  }),
  route({
    method: "PATCH",
    path: "/ocpp/alert_rules/",
    role: "admin",
    summary: "Change rules of alerts",
    audit: { action: "change", kind: "alert_rules" },
    body: Changes,
    response: Rules,
    async handle({ body }, { store }: AlertDeps) {
      const before = store.alert_rules.get("rules")?.rules ?? {};
      const changed = Object.entries(body).map(([name, change]) => [name, { ...before[name], ...change }]);
      await store.alert_rules.put({ rules: { ...before, ...Object.fromEntries(changed) } });
      return rulesOf(store);
    },
  }),
];

function rulesOf(store: Store): Static<typeof Rules> {
  return mapRules((name) => ruleOf(name, store.alert_rules.get("rules")));
}

function eachRule<T>(value: T): Record<RuleName, T> {
  return mapRules(() => value);
}

function mapRules<T>(make: (name: RuleName) => T): Record<RuleName, T> {
  return Object.fromEntries((Object.keys(RULES) as RuleName[]).map((name) => [name, make(name)])) as Record<
    RuleName,
    T
  >;
}
