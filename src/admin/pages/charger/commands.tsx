// The tab with commands: the everyday ones as buttons, and each action of OCPP as a form made from its schema.
import { useState } from "preact/hooks";
import { can } from "../../api.ts";
import { type CommandName, COMMANDS, maySend, sendCommand, type TimedAnswer } from "../../commands.ts";
import { Answer } from "../../components/answer.tsx";
import { CommandDialog } from "../../components/command_dialog.tsx";
import { Card, Field, LoadState, useLoad } from "../../components/parts.tsx";
import { initialValue, SchemaForm } from "../../components/schema_form.tsx";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import { loadApi, type Schema } from "../../openapi.ts";
import type { ChargerView } from "../../types.ts";
import { COMMANDS as MESSAGES } from "../../../i18n/admin/commands.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";

const t = messages(MESSAGES);
const shell = messages(SHELL);

/** Shows the commands. */
export function Commands({ charger }: { charger: ChargerView }) {
  const [command, setCommand] = useState<CommandName | null>(null);
  return (
    <>
      {!charger.connected && <p class="answer tone-amber">{t("not_connected")}</p>}
      <Card title={t("quick")}>
        <div class="commands">
          {(Object.keys(COMMANDS) as CommandName[]).filter(maySend).map((name) => (
            <button
              key={name}
              type="button"
              class="btn"
              disabled={!charger.connected}
              onClick={() => setCommand(name)}
            >
              <Icon name={COMMANDS[name].icon} /> {t(name)}
            </button>
          ))}
        </div>
      </Card>
      {can("admin") && <AllActions charger={charger} />}
      {command && <CommandDialog command={command} charger={charger} close={() => setCommand(null)} />}
    </>
  );
}

function AllActions({ charger }: { charger: ChargerView }) {
  const { value: actions, loading, error } = useLoad(loadActions, []);
  const [name, setName] = useState("get_configuration");
  const schema = actions?.get(name);
  return (
    <Card title={t("all")}>
      <div class="stack">
        <p class="soft">{t("all_text")}</p>
        <LoadState loading={loading} error={error} />
        {actions && (
          <Field label={t("action")}>
            <select value={name} onChange={(event) => setName(event.currentTarget.value)}>
              {[...actions.keys()].map((action) => <option key={action} value={action}>{action}</option>)}
            </select>
          </Field>
        )}
        {schema && <ActionForm key={name} name={name} schema={schema} charger={charger} />}
      </div>
    </Card>
  );
}

function ActionForm({ name, schema, charger }: { name: string; schema: Schema; charger: ChargerView }) {
  const [payload, setPayload] = useState<unknown>(() => initialValue(schema) ?? {});
  const [text, setText] = useState<string | null>(null);
  const [answer, setAnswer] = useState<TimedAnswer | Error | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async (event: Event) => {
    event.preventDefault();
    const sent = text === null ? payload : parse(text);
    if (sent instanceof Error) return setAnswer(sent);
    setBusy(true);
    setAnswer(
      await sendCommand(charger.charger_id, name, sent as Record<string, unknown>).catch((error) =>
        error as Error
      ),
    );
    setBusy(false);
  };
  return (
    <form class="stack" onSubmit={(event) => void send(event)}>
      {text === null ? <SchemaForm schema={schema} value={payload} set={setPayload} /> : (
        <textarea
          aria-label={t("as_json")}
          value={text}
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={text !== null}
          onChange={(event) => setText(event.currentTarget.checked ? JSON.stringify(payload, null, 2) : null)}
        />
        <span>{t("as_json")}</span>
      </label>
      <div class="row">
        <button type="submit" class="btn primary" disabled={busy || !charger.connected}>
          {shell("send")} {name}
        </button>
      </div>
      {busy && <div class="busy" role="progressbar"></div>}
      {answer && <Answer answer={answer} />}
    </form>
  );
}

function parse(text: string): unknown {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value
      : new Error(t("bad_json"));
  } catch {
    return new Error(t("bad_json"));
  }
}

/** Loads the payload schema of each action from /openapi.json. */
async function loadActions(): Promise<Map<string, Schema>> {
  const api = await loadApi();
  const body = api.paths["/ocpp/chargers/{charger_id}/action/"]?.post?.requestBody
    ?.content["application/json"]?.schema;
  const choices = body?.oneOf ?? [];
  return new Map(choices.map((choice): [string, Schema] => [
    String(choice.properties?.action?.const),
    api.components.schemas[String(choice.properties?.payload?.$ref ?? "").split("/").at(-1)!] ?? {},
  ]));
}
