// The gateway as a process, for tests that kill it, fill its disk or damage its files.
import { ask, type RestAnswer } from "../kit/gateway.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const PERMISSIONS = [
  "--no-prompt",
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys",
];

/** Options of a gateway's start. */
export interface ProcessOptions {
  data_dir: string;
  args?: string[];
  env?: Record<string, string>;
  /** Limit of file descriptors. */
  max_files?: number;
}

/** A running gateway. */
export interface GatewayProcess extends AsyncDisposable {
  url: string;
  ws_url: string;
  /** null: without TLS listener. */
  wss_url: string | null;
  pid: number;
  rest(method: string, path: string, body?: unknown): Promise<RestAnswer>;
  /** The one-time code of the set-up, as printed. */
  setupCode(): Promise<string>;
  /** Kills it; resolves when it has ended. */
  kill(): Promise<void>;
  /** Ends it by SIGTERM; resolves with the exit code and the text of stderr. */
  stop(): Promise<Ended>;
}

/** The end of a process. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Starts a gateway and waits until it serves. Rejects with its output if it ends before. */
export async function spawnGateway(
  { data_dir, args = [], env = {}, max_files }: ProcessOptions,
): Promise<GatewayProcess> {
  const child = command([
    "serve",
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--data-dir",
    data_dir,
    "--commit-window",
    "5",
    ...args,
  ], { env, max_files })
    .spawn();
  const stderr = new Response(child.stderr).text();
  const { port, tls_port, rest: stdout, code } = await portOf(child.stdout);
  if (port === null) throw new Error(`The gateway ended: ${(await stderr).trim()} ${await stdout}`);
  const ended = async () => ({ code: (await child.status).code, stdout: await stdout, stderr: await stderr });
  const signal = async (name: Deno.Signal) => {
    try {
      child.kill(name);
    } catch { /* it has ended */ }
    return await ended();
  };
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    ws_url: url.replace("http", "ws"),
    wss_url: tls_port === null ? null : `wss://127.0.0.1:${tls_port}`,
    pid: child.pid,
    rest: (method, path, body) => ask(url + path, method, body),
    setupCode: () => code,
    kill: async () => void await signal("SIGKILL"),
    stop: () => signal("SIGTERM"),
    [Symbol.asyncDispose]: async () => void await signal("SIGKILL"),
  };
}

/** Runs a command of the program to its end. */
export async function runCommand(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const { code, stdout, stderr } = await command(args, { env }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** Creates a folder that is deleted at the end of the test. */
export async function tempDir(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "ocpp-gateway-test-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

function command(
  args: string[],
  { env, max_files }: { env: Record<string, string>; max_files?: number | undefined },
): Deno.Command {
  const line = [Deno.execPath(), "run", ...PERMISSIONS, "--config", CONFIG, MAIN, ...args];
  const limited = max_files === undefined
    ? line
    : ["sh", "-c", `ulimit -n ${max_files}; exec "$0" "$@"`, ...line];
  return new Deno.Command(limited[0]!, {
    args: limited.slice(1),
    env: { OCPP_ADMIN_PASSWORD: "correct horse battery", NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  });
}

/** The gateway's output. */
interface Printed {
  port: number | null;
  tls_port: number | null;
  code: Promise<string>;
  rest: Promise<string>;
}

/** Reads the output: the ports and the code. It is read to the end, or a full pipe would stop the process. */
async function portOf(stream: ReadableStream<Uint8Array>): Promise<Printed> {
  const reader = stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .getReader();
  const code = Promise.withResolvers<string>();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) return { port: null, tls_port: null, code: code.promise, rest: Promise.resolve(text) };
    text += value;
  }
  const port = Number(/http:\/\/[^:]+:(\d+)/.exec(text)?.[1]);
  const tls_port = Number(/wss:\/\/[^:]+:(\d+)/.exec(text)?.[1]) || null;
  return { port, tls_port, code: code.promise, rest: drain(reader, text, code.resolve) };
}

async function drain(
  reader: ReadableStreamDefaultReader<string>,
  text: string,
  onCode: (code: string) => void,
): Promise<string> {
  for (let all = text;;) {
    const code = /one-time code (\S+)/.exec(all)?.[1];
    if (code) onCode(code);
    const { value, done } = await reader.read();
    if (done) return all;
    all += value;
  }
}
