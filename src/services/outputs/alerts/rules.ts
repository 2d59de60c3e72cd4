// The rules of alerts: which conditions are told, after what time, and how serious they are.
import type { AlertRule, AlertRules, Severity } from "../../../store/store.ts";

/** The gateway's own rules. */
export const RULES = {
  charger_fault: { hold_s: 120, severity: "critical" },
  charger_offline: { hold_s: 900, severity: "warning" },
  charger_refused: { hold_s: 60, severity: "warning" },
  charger_waiting: { hold_s: 60, severity: "info" },
  session_doubtful: { hold_s: 0, severity: "info" },
  certificate_expiring: { hold_s: 0, severity: "warning" },
  site_limit: { hold_s: 900, severity: "info" },
  security: { hold_s: 0, severity: "warning" },
  gateway_failing: { hold_s: 0, severity: "critical" },
  gateway: { hold_s: 60, severity: "warning" },
  gateway_advice: { hold_s: 3600, severity: "info" },
} as const satisfies Record<string, { hold_s: number; severity: Severity }>;

/** The name of a rule. */
export type RuleName = keyof typeof RULES;

/** The names of all rules. */
export const RULE_NAMES = Object.keys(RULES) as RuleName[];

const SEVERITIES: readonly Severity[] = ["info", "warning", "critical"];

/** Returns a rule with the operator's choices. */
export function ruleOf(name: RuleName, stored: AlertRules | undefined): Required<AlertRule> {
  return { enabled: true, ...RULES[name], ...stored?.rules[name] };
}

/** Returns true if one severity is at least another. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}
