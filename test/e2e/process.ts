// The program as a process: started as a user starts it, asked over its port, stopped by signals.
import { ask, PASSWORD, type RestAnswer } from "../kit/gateway.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** A running program. */
export interface Program extends AsyncDisposable {
  url: string;
  ws_url: string;
  rest(method: string, path: string, body?: unknown): Promise<RestAnswer>;
  /** Sends a signal and resolves with the exit code. */
  stop(signal: Deno.Signal): Promise<number>;
}

/** The end of a program. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the program to its end. */
export async function run(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const { code, stdout, stderr } = await commandOf(args, env).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Starts the gateway on a free port and resolves when it has printed its URL. */
export async function start(
  data_dir: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<Program> {
  const serve = ["serve", "--host", "127.0.0.1", "--port", "0", "--data-dir", data_dir, ...args];
  const child = commandOf(serve, { OCPP_ADMIN_PASSWORD: PASSWORD, ...env }).spawn();
  child.stderr.pipeTo(new WritableStream()).catch(() => {});
  const url = await announced(child.stdout);
  const stop = async (signal: Deno.Signal) => {
    child.kill(signal);
    return (await child.status).code;
  };
  return {
    url,
    ws_url: url.replace("http", "ws"),
    rest: (method, path, body) => ask(url + path, method, body),
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop("SIGKILL").catch(() => {});
    },
  };
}

function commandOf(args: string[], env: Record<string, string>): Deno.Command {
  const flags = ["run", "--no-check", "--quiet", "-A", `${ROOT}main.ts`];
  const clean = { DENO_NO_UPDATE_CHECK: "1", ...env };
  return new Deno.Command(Deno.execPath(), {
    args: [...flags, ...args],
    env: clean,
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
  });
}

/** Reads on in the background, so that the program never waits for its reader. */
async function announced(stdout: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The program ended before it served: ${text}`);
    text += decoder.decode(value, { stream: true });
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
    if (!url) continue;
    (async () => {
      while (!(await reader.read()).done);
    })().catch(() => {});
    return url;
  }
}
