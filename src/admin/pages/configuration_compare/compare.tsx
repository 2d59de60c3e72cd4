// The differences between a charger's configuration and another's or a template's, and the copying of checked keys.
import { useState } from "preact/hooks";
import { ActionButton } from "../../components/action_button.tsx";
import { attempt } from "../../components/inputs.tsx";
import { CommandButton, SOFT } from "../../components/command_button.tsx";
import { Card, Field, LoadState } from "../../components/parts.tsx";
import { PickTable } from "../../components/pick_table.tsx";
import { useLive } from "../../components/use_live.ts";
import { messages } from "../../i18n.ts";
import { allChargers } from "../../live.ts";
import type { ChargerView, Difference, WriteResult } from "../../types.ts";
import { CONFIGURATION_COMPARE } from "../../../i18n/admin/configuration_compare.ts";
import { differences, last_writes, loadTemplates, readFrom, write } from "./configurations.ts";

const t = messages(CONFIGURATION_COMPARE);

/** Returns the text of a key's result. */
export function resultText(status: string): string {
  return t(status as "Accepted");
}

/** Shows the card that compares, writes and undoes. */
export function Compare({ charger }: { charger: ChargerView }) {
  const { charger_id, connected } = charger;
  const [other, setOther] = useState("");
  const [result, setResult] = useState<WriteResult | null>(null);
  const standards = useLive(loadTemplates, { types: ["standard", "standard_deleted"] }, []);
  const choose = async (query: string) => {
    const id = new URLSearchParams(query).get("charger_id");
    if (id) await attempt(() => readFrom(id));
    setOther(query);
  };
  const before = last_writes.value.get(charger_id);
  return (
    <Card title={t("compare")} side={<a class="btn small" href="/admin/standards">{t("standards")}</a>}>
      <div class="stack">
        <Field label={t("with")}>
          <select value={other} onChange={(event) => void choose(event.currentTarget.value)}>
            <option value="">–</option>
            <optgroup label={t("standards")}>
              {standards.value?.map(({ name }) => (
                <option key={name} value={`template=${encodeURIComponent(name)}`}>{name}</option>
              ))}
            </optgroup>
            <optgroup label={t("chargers")}>
              {allChargers().filter((one) => one.charger_id !== charger_id).map((
                { charger_id: id, name },
              ) => <option key={id} value={`charger_id=${encodeURIComponent(id)}`}>{name || id}</option>)}
            </optgroup>
          </select>
        </Field>
        {other && <Differences key={other} charger={charger} other={other} done={setResult} />}
        {result && <Results charger_id={charger_id} result={result} />}
        {before && (
          <div>
            <ActionButton
              label={t("undo")}
              icon="reset"
              ask={t("undo_ask", { n: Object.keys(before).length, keys: Object.keys(before).join(", ") })}
              disabled={!connected}
              run={async () => setResult(await write(charger_id, before, {}))}
            />
          </div>
        )}
      </div>
    </Card>
  );
}

interface DifferencesProps {
  charger: ChargerView;
  other: string;
  done: (result: WriteResult) => void;
}

function Differences({ charger: { charger_id, name, connected }, other, done }: DifferencesProps) {
  const { value, loading, error, again } = useLive(
    () => differences(charger_id, other),
    { types: ["configuration"], charger_id },
    [other],
  );
  const run = async (ticked: Difference[]) => {
    const taken = (part: "value" | "other") => Object.fromEntries(ticked.map((one) => [one.key, one[part]]));
    try {
      done(await write(charger_id, taken("other") as Record<string, string>, taken("value")));
    } finally {
      again();
    }
  };
  if (!value) return <LoadState loading={loading} error={error} />;
  if (value.length === 0) return <p>{t("same")}</p>;
  return (
    <PickTable
      rows={value}
      keyOf={({ key }) => key}
      head={t("key")}
      hinder={(one) => one.readonly ? t("readonly") : one.other === null || !connected ? "" : undefined}
      columns={{
        [t("here")]: (one) => <Value value={one.value} />,
        [t("there")]: (one) => <Value value={one.other} />,
      }}
      label={(n) => t("write", { n })}
      ask={(n) => t("write_ask", { n, name: name || charger_id })}
      run={run}
    />
  );
}

function Value({ value }: { value: string | null }) {
  return value === null ? <span class="soft">{t("missing")}</span> : <code>{value || '""'}</code>;
}

/** The result of each key. */
function Results({ charger_id, result }: { charger_id: string; result: WriteResult }) {
  const rows = [
    ...result.results,
    ...result.equal.map((key) => ({ key, status: "equal" })),
    ...result.readonly.map((key) => ({ key, status: "readonly" })),
  ];
  return (
    <div class="answer" role="status">
      {rows.map(({ key, status }) => (
        <div key={key}>
          <b>{key}</b>: {resultText(status)}
        </div>
      ))}
      {result.reboot.length > 0 && (
        <CommandButton
          charger_id={charger_id}
          action="reset"
          payloads={SOFT}
          label={t("restart")}
          ask={t("restart_ask")}
        />
      )}
    </div>
  );
}
