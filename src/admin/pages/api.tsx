// The API page: every operation of /openapi.json, with a form to try it.
import { useState } from "preact/hooks";
import { ApiError, can, send } from "../api.ts";
import { Search } from "../components/inputs.tsx";
import { CopyButton } from "../components/copy_button.tsx";
import { Card, Field, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { initialValue } from "../components/schema_form.tsx";
import { messages } from "../i18n.ts";
import { loadApi, type Operation } from "../openapi.ts";
import { API } from "../../i18n/admin/api.ts";

const t = messages(API);

const TONES: Record<string, string> = {
  get: "green",
  post: "blue",
  patch: "amber",
  put: "amber",
  delete: "red",
};

/** Shows the API. */
export default function Api() {
  const { value, loading, error } = useLoad(loadApi, []);
  const [text, setText] = useState("");
  const doors = Object.entries(value?.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation }))
  );
  const wanted = text.toLowerCase();
  const found = doors.filter(({ path, method, operation }) =>
    `${method} ${path} ${operation.summary}`.toLowerCase().includes(wanted)
  );
  return (
    <>
      <PageHead title={t("title")} text={value && t("text", { version: value.info.version })}>
        <a class="btn" href="/openapi.json" target="_blank" rel="noreferrer">/openapi.json</a>
      </PageHead>
      <Card title={t("how")}>
        <div class="stack tight">
          <p>{t("how_text")}</p>
          <div class="row between">
            <code class="grow">curl -H "Authorization: Bearer TOKEN" {location.origin}/ocpp/chargers/</code>
            <CopyButton text={`curl -H "Authorization: Bearer TOKEN" ${location.origin}/ocpp/chargers/`} />
          </div>
        </div>
      </Card>
      <Search value={text} set={setText} />
      <LoadState loading={loading} error={error} />
      <Card flush>
        <div class="msgs">
          {found.map((operation) => (
            <OperationItem key={`${operation.method} ${operation.path}`} {...operation} />
          ))}
        </div>
      </Card>
    </>
  );
}

interface OperationProps {
  path: string;
  method: string;
  operation: Operation;
}

function OperationItem({ path, method, operation }: OperationProps) {
  const [open, setOpen] = useState(false);
  return (
    <details class="msg" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="operation">
        <span class={`chip tone-${TONES[method] ?? "grey"}`}>{method.toUpperCase()}</span>
        <code>{path}</code>
        <span class="soft">{operation.summary} {operation.security?.length === 0 && `(${t("open")})`}</span>
      </summary>
      {open && (
        <div>
          <TryIt path={path} method={method} operation={operation} />
        </div>
      )}
    </details>
  );
}

function TryIt({ path, method, operation }: OperationProps) {
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const [fields, setFields] = useState<Record<string, string>>({});
  const [body, setBody] = useState(() =>
    schema ? JSON.stringify(initialValue(schema.oneOf?.[0] ?? schema) ?? {}, null, 2) : ""
  );
  const [answer, setAnswer] = useState("");
  const parameters = operation.parameters ?? [];
  const run = async (event: Event) => {
    event.preventDefault();
    setAnswer("…");
    setAnswer(await ask(method, urlOf(path, parameters, fields), schema ? body : undefined));
  };
  return (
    <form class="stack" onSubmit={(event) => void run(event)}>
      {parameters.length > 0 && (
        <div class="form">
          {parameters.map(({ name, required }) => (
            <Field key={name} label={name}>
              <input
                required={required ?? false}
                value={fields[name] ?? ""}
                onInput={({ currentTarget: { value } }) =>
                  setFields((before) => ({ ...before, [name]: value }))}
              />
            </Field>
          ))}
        </div>
      )}
      {schema && (
        <>
          <Field label={t("body")}>
            <textarea
              spellcheck={false}
              value={body}
              onInput={(event) => setBody(event.currentTarget.value)}
            />
          </Field>
          <details>
            <summary class="soft">{t("schema")}</summary>
            <pre>{JSON.stringify(schema, null, 2)}</pre>
          </details>
        </>
      )}
      {can(operation["x-role"] ?? "viewer") && (
        <div class="row">
          <button type="submit" class={method === "get" ? "btn primary" : "btn danger"}>{t("try_it")}</button>
          {method !== "get" && <span class="hint">{t("careful")}</span>}
        </div>
      )}
      {answer && <pre data-testid="api-answer">{answer}</pre>}
    </form>
  );
}

function urlOf(
  path: string,
  parameters: NonNullable<Operation["parameters"]>,
  fields: Record<string, string>,
): string {
  const named = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(fields[name] ?? ""));
  const query = parameters.filter(({ name, in: where }) => where === "query" && fields[name]).map((
    { name },
  ) => [name, fields[name]!]);
  return query.length ? `${named}?${new URLSearchParams(query)}` : named;
}

async function ask(method: string, url: string, body: string | undefined): Promise<string> {
  if (url.startsWith("/ocpp/events")) return "text/event-stream";
  try {
    const answer = await send(method.toUpperCase(), url, body);
    const text = await answer.text();
    return `HTTP ${answer.status}\n\n${pretty(text)}`.slice(0, 50_000);
  } catch (error) {
    return error instanceof ApiError ? `HTTP ${error.status}\n\n${error.message}` : String(error);
  }
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
