// The rules by which alerts are told.
import { useState } from "preact/hooks";
import { call, can, get } from "../../api.ts";
import { useProblem, Wrong } from "../../components/problem.tsx";
import { Card, LoadState, useLoad } from "../../components/parts.tsx";
import { useUnchanged } from "../../components/unchanged.ts";
import { messages } from "../../i18n.ts";
import type { AlertRules } from "../../types.ts";
import { ALERTS_PAGE, RULES_PAGE } from "../../../i18n/admin/outputs.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";

const t = messages(RULES_PAGE);
const severities = messages(ALERTS_PAGE);
const shell = messages(SHELL);

type RuleName = keyof AlertRules;
type Rule = AlertRules[RuleName];

const SEVERITIES = ["info", "warning", "critical"] as const;
const MINUTE = 60;
const MOST_MINUTES = 10_080;

/** Shows the rules as a form. */
export function Rules() {
  const { value, loading, error } = useLoad(() => get("/ocpp/alert_rules/"), []);
  return (
    <>
      <p class="hint">{t("text")}</p>
      <LoadState loading={loading} error={error} />
      {value && (
        <Card flush>
          <RulesForm rules={value} />
        </Card>
      )}
    </>
  );
}

function RulesForm({ rules }: { rules: AlertRules }) {
  const [saved, setSaved] = useState(rules);
  const [changed, setChanged] = useState<Partial<Record<RuleName, Partial<Rule>>>>({});
  const { problem, run } = useProblem();
  const unchanged = useUnchanged({
    opened: saved,
    load: () => get("/ocpp/alert_rules/"),
    fields: Object.keys(saved) as RuleName[],
  });
  const set = (name: RuleName, change: Partial<Rule>) =>
    setChanged((before) => ({ ...before, [name]: { ...before[name], ...change } }));
  const save = () =>
    run(async () => {
      await unchanged();
      setSaved(await call("PATCH", "/ocpp/alert_rules/", changed));
      setChanged({});
    }, shell("saved"));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset class="bare" disabled={!can("admin")}>
        <div class="table-wrap">
          <table class="cards-on-phone listed">
            <thead>
              <tr>
                <th>{t("rule")}</th>
                <th>{t("told")}</th>
                <th>{t("hold")}</th>
                <th>{t("severity")}</th>
              </tr>
            </thead>
            <tbody>
              {(Object.keys(saved) as RuleName[]).map((name) => (
                <tr key={name}>
                  <td class="wide">
                    <b>{t(name)}</b>
                    <Wrong at={name} problem={problem} text={t("wrong_hold")} />
                  </td>
                  <RuleCells
                    name={name}
                    rule={{ ...saved[name], ...changed[name] }}
                    set={(change) => set(name, change)}
                  />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {can("admin") && (
          <div class="pad">
            <button type="submit" class="btn primary">{shell("save")}</button>
          </div>
        )}
      </fieldset>
    </form>
  );
}

interface RuleProps {
  name: RuleName;
  rule: Rule;
  set: (change: Partial<Rule>) => void;
}

function RuleCells({ name, rule: { enabled, hold_s, severity }, set }: RuleProps) {
  const rule = t(name);
  return (
    <>
      <td data-label={t("told")}>
        <input
          type="checkbox"
          aria-label={t("tell", { rule })}
          checked={enabled}
          onChange={(event) => set({ enabled: event.currentTarget.checked })}
        />
      </td>
      <td data-label={t("hold")}>
        <input
          type="number"
          class="short"
          name={`${name}.hold`}
          aria-label={t("hold_of", { rule })}
          min={0}
          max={MOST_MINUTES}
          step="any"
          required
          value={hold_s / MINUTE}
          onChange={(event) => set({ hold_s: Math.round(Number(event.currentTarget.value) * MINUTE) })}
        />
      </td>
      <td data-label={t("severity")}>
        <select
          aria-label={t("severity_of", { rule })}
          onChange={(event) => set({ severity: event.currentTarget.value as Rule["severity"] })}
        >
          {SEVERITIES.map((one) => (
            <option key={one} value={one} selected={one === severity}>{severities(one)}</option>
          ))}
        </select>
      </td>
    </>
  );
}
