// `ocpp-gateway commission <charger id>`: the acceptance test of a charger, from a terminal, by the gateway's REST.
import { parseArgs } from "node:util";
import { BadUsage, readConfig } from "../config.ts";
import type { Command } from "./command.ts";

const POLL_MS = 500;

export const command: Command = {
  name: "commission",
  summary: "prove a new charger step by step, at a running gateway",
  run: commission,
};

const FLAGS = {
  url: { type: "string" },
  "token-file": { type: "string" },
  installer: { type: "string" },
  connectors: { type: "string" },
  without: { type: "string" },
  option: { type: "string", multiple: true },
  report: { type: "string" },
  resume: { type: "string" },
  language: { type: "string" },
} as const;

const HELP = `ocpp-gateway commission <charger id> [options]

  --url URL          the gateway (http://127.0.0.1:8000)
  --token-file FILE  holds an API token; else OCPP_ADMIN_PASSWORD, else it is asked for
  --resume N         goes on with commissioning N, which was broken off
  --installer NAME   for the report
  --connectors 1,2   all, if left out
  --without a,b      steps that are left out
  --option k=v       a deadline or limit, such as cut_s=30; several times
  --report FILE      where the hand-over report goes (HTML, or JSON when it ends with .json)
  --language en|es   (es)

Ctrl+C breaks it off; the charger is left as it was.`;

/** What the command is told. */
export interface CommissionOptions {
  url: string;
  authorization: string;
  language: "en" | "es";
  body: Record<string, unknown>;
  /** The commissioning that is gone on with. */
  resume?: string;
  report: string | null;
  print: (line: string) => void;
}

interface Text {
  en: string;
  es: string;
}

interface View {
  commissioning_id: number;
  state: "running" | "broken_off" | "done";
  reason: Text | null;
  failed: number;
  current: { step: string; connector_id: number; prompt: Text | null } | null;
  results: { step: string; connector_id: number; result: string; reason: Text }[];
}

async function commission(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(HELP);
    return 0;
  }
  const breaking = new AbortController();
  Deno.addSignalListener("SIGINT", () => breaking.abort());
  return await runCommissioning(await readOptions(args), breaking.signal);
}

/** Runs one to its end and prints what happens; 0 when nothing failed, 1 otherwise. */
export async function runCommissioning(options: CommissionOptions, breaking?: AbortSignal): Promise<number> {
  const begun = await begin(options);
  const path = `/ocpp/commissioning/${begun.commissioning_id}/`;
  breaking?.addEventListener("abort", () => {
    ask(options, "POST", `${path}action/`, { action: "break_off" }).catch(({ message }) =>
      options.print(message)
    );
  });
  const told = new Set<string>();
  let view = begun;
  for (; view.state === "running"; view = await ask<View>(options, "GET", path)) {
    tell(view, told, options);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  tell(view, told, options);
  if (view.reason) options.print(view.reason[options.language]);
  if (options.report) await Deno.writeTextFile(options.report, await reportOf(options, path));
  return view.state === "done" && view.failed === 0 ? 0 : 1;
}

function begin(options: CommissionOptions): Promise<View> {
  if (options.resume === undefined) return ask(options, "POST", "/ocpp/commissioning/", options.body);
  const path = `/ocpp/commissioning/${encodeURIComponent(options.resume)}/action/`;
  return ask(options, "POST", path, { action: "resume" });
}

/** Prints what was not printed before. */
function tell({ results, current }: View, told: Set<string>, { language, print }: CommissionOptions): void {
  for (const { step, connector_id, result, reason } of results) {
    const line = `${result.toUpperCase()}  ${placeOf(step, connector_id)}: ${reason[language]}`;
    if (!told.has(line)) print(line);
    told.add(line);
  }
  if (!current?.prompt) return;
  const line = `>>> ${current.prompt[language]}`;
  const asked = `${placeOf(current.step, current.connector_id)} ${line}`;
  if (!told.has(asked)) print(line);
  told.add(asked);
}

function placeOf(step: string, connector_id: number): string {
  return connector_id > 0 ? `${step} ${connector_id}` : step;
}

async function reportOf(options: CommissionOptions, path: string): Promise<string> {
  if (options.report!.endsWith(".json")) {
    return JSON.stringify(await ask(options, "GET", `${path}report.json`), null, 2);
  }
  return await (await request(options, "GET", `${path}report/?lang=${options.language}`)).text();
}

async function ask<T>(options: CommissionOptions, method: string, path: string, body?: unknown): Promise<T> {
  return await (await request(options, method, path, body)).json() as T;
}

/** Throws an Error in the gateway's words. */
async function request(
  { url, authorization }: CommissionOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  const headers = { authorization, "content-type": "application/json" };
  const answer = await fetch(url + path, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (answer.ok) return answer;
  const { error } = await answer.json().catch(() => ({ error: `HTTP ${answer.status}` }));
  throw new Error(String(error));
}

/** Throws BadUsage. */
async function readOptions(args: string[]): Promise<CommissionOptions> {
  const { values, positionals } = parse(args);
  const [charger_id, ...more] = positionals;
  if ((charger_id === undefined) === (values.resume === undefined) || more.length) {
    throw new BadUsage("commission needs one charger id, or --resume");
  }
  const language = values.language ?? "es";
  if (language !== "en" && language !== "es") throw new BadUsage("--language must be en or es");
  const list = (text: string | undefined) => text?.split(",").filter(Boolean);
  const connectors = list(values.connectors)?.map(Number);
  const without = list(values.without);
  return {
    url: (values.url ?? "http://127.0.0.1:8000").replace(/\/+$/, ""),
    authorization: await credentials(values["token-file"]),
    language,
    report: values.report ?? null,
    ...(values.resume === undefined ? {} : { resume: values.resume }),
    print: console.log,
    body: {
      charger_id,
      ...(values.installer ? { installer: values.installer } : {}),
      ...(connectors ? { connectors } : {}),
      ...(without ? { without } : {}),
      options: Object.fromEntries((values.option ?? []).map(readOption)),
    },
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS, strict: true, allowPositionals: true });
  } catch (error) {
    throw new BadUsage(String((error as Error).message).split(/[\n.] /)[0]!.replace(/\.$/, ""));
  }
}

function readOption(text: string): [string, number | string] {
  const [name = "", value] = text.split(/=(.*)/s);
  if (value === undefined) throw new BadUsage(`--option must be name=value, not '${text}'`);
  return [name, value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value];
}

/** A token, or the admin's password. Neither is ever on a command line. */
async function credentials(token_file: string | undefined): Promise<string> {
  if (token_file !== undefined) return `Bearer ${(await Deno.readTextFile(token_file)).trim()}`;
  const password = readConfig([]).admin_password ?? prompt("Password of admin:");
  if (!password) throw new BadUsage("A password or --token-file is needed");
  const bytes = new TextEncoder().encode(`admin:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
