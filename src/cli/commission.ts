// `ocpp-gateway commission <charger id>`: runs the acceptance test of a charger from a terminal, through the gateway's REST interface.
import type { Language, Text } from "../i18n/messages.ts";
import { parseArgs } from "node:util";
import { BadUsage, readConfig } from "../config.ts";
import type { Command } from "./command.ts";

const POLL_MS = 500;

export const command: Command = { run: commission };

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

  --url URL          URL of the gateway (http://127.0.0.1:8000)
  --token-file FILE  file with an API token; without it the password is OCPP_ADMIN_PASSWORD or asked for
  --resume N         continue commissioning N, which was interrupted
  --installer NAME   name of the installer, for the report
  --connectors 1,2   connectors to test (default: all)
  --without a,b      steps to skip
  --option k=v       a deadline or limit, such as cut_s=30; may be repeated
  --report FILE      write the hand-over report to FILE (HTML, or JSON if its name ends in .json)
  --language en|es   language of prompts and report (es)

Ctrl+C interrupts the test; the charger's configuration is restored.`;

/** The options of the command. */
export interface CommissionOptions {
  url: string;
  authorization: string;
  language: Language;
  body: Record<string, unknown>;
  /** Number of an interrupted commissioning to continue. */
  resume?: string;
  report: string | null;
  print: (line: string) => void;
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

/** Runs a commissioning to its end and prints its progress; resolves with 0 if no step failed, else with 1. */
export async function runCommissioning(options: CommissionOptions, breaking?: AbortSignal): Promise<number> {
  const begun = await begin(options);
  const path = `/ocpp/commissioning/${begun.commissioning_id}/`;
  breaking?.addEventListener("abort", () => {
    requestJson(options, "POST", `${path}action/`, { action: "break_off" }).catch(({ message }) =>
      options.print(message)
    );
  });
  const told = new Set<string>();
  let view = begun;
  for (; view.state === "running"; view = await requestJson<View>(options, "GET", path)) {
    printNew(view, told, options);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  printNew(view, told, options);
  if (view.reason) options.print(view.reason[options.language]);
  if (options.report) await Deno.writeTextFile(options.report, await reportOf(options, path));
  return view.state === "done" && view.failed === 0 ? 0 : 1;
}

function begin(options: CommissionOptions): Promise<View> {
  if (options.resume === undefined) return requestJson(options, "POST", "/ocpp/commissioning/", options.body);
  const path = `/ocpp/commissioning/${encodeURIComponent(options.resume)}/action/`;
  return requestJson(options, "POST", path, { action: "resume" });
}

/** Prints the results and the prompt that were not printed before. */
function printNew(
  { results, current }: View,
  told: Set<string>,
  { language, print }: CommissionOptions,
): void {
  for (const { step, connector_id, result, reason } of results) {
    const line = `${result.toUpperCase()}  ${stepLabel(step, connector_id)}: ${reason[language]}`;
    if (!told.has(line)) print(line);
    told.add(line);
  }
  if (!current?.prompt) return;
  const line = `>>> ${current.prompt[language]}`;
  const asked = `${stepLabel(current.step, current.connector_id)} ${line}`;
  if (!told.has(asked)) print(line);
  told.add(asked);
}

function stepLabel(step: string, connector_id: number): string {
  return connector_id > 0 ? `${step} ${connector_id}` : step;
}

async function reportOf(options: CommissionOptions, path: string): Promise<string> {
  if (options.report!.endsWith(".json")) {
    return JSON.stringify(await requestJson(options, "GET", `${path}report.json`), null, 2);
  }
  return await (await request(options, "GET", `${path}report/?lang=${options.language}`)).text();
}

async function requestJson<T>(
  options: CommissionOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  return await (await request(options, method, path, body)).json() as T;
}

/** Sends a request; throws an Error with the gateway's message if it is refused. */
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

/** Reads the options. Throws BadUsage. */
async function readOptions(args: string[]): Promise<CommissionOptions> {
  const { values, positionals } = parse(args);
  const [charger_id, ...more] = positionals;
  if ((charger_id === undefined) === (values.resume === undefined) || more.length) {
    throw new BadUsage("Give one charger id, or --resume N");
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

/** Returns the Authorization header: an API token or the admin password, neither of which is ever on a command line. */
async function credentials(token_file: string | undefined): Promise<string> {
  if (token_file !== undefined) return `Bearer ${(await Deno.readTextFile(token_file)).trim()}`;
  const password = readConfig([]).admin_password ?? prompt("Password of admin:");
  if (!password) {
    throw new BadUsage("Give the admin password in OCPP_ADMIN_PASSWORD, or an API token with --token-file");
  }
  const bytes = new TextEncoder().encode(`admin:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
