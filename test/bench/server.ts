// The servers under load, each a process.
import { withFiles } from "./limits.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const START_MS = 15_000;
const STOP_MS = 6_000;

/** The admin's password in the gateways that are measured. */
export const ADMIN_PASSWORD = "bench of the gateway";

/** A server that runs. */
export interface Server extends AsyncDisposable {
  name: string;
  pid: number;
  /** URL for chargers, to which their id is appended. */
  url: string;
  stop(): Promise<void>;
  /** Kills it with SIGKILL. */
  kill(): Promise<void>;
}

/** Options of the gateway. */
export interface GatewayOptions {
  data_dir: string;
  env?: Record<string, string> | undefined;
  port?: number;
}

/** Starts a server by name in a folder of its own. */
export type Starter = (folder: string) => Promise<Server>;

/** The gateway as `deno task start` runs it. */
export async function startGateway({ data_dir, env = {}, port = 0 }: GatewayOptions): Promise<Server> {
  return await ready("gateway", spawnGateway({ data_dir, env, port }));
}

/** Starts the gateway's process without waiting until it serves. */
export function spawnGateway({ data_dir, env = {}, port = 0 }: GatewayOptions): Deno.ChildProcess {
  const args = ["--host", "127.0.0.1", "--port", String(port), "--data-dir", data_dir];
  return spawnProgram(["sh", `${ROOT}src/cli/serve.sh`, ...args], env);
}

/** Starts a command's process in the checkout without waiting until it serves. */
export function spawnProgram(words: string[], env: Record<string, string> = {}): Deno.ChildProcess {
  return spawnCommand(words, { OCPP_ADMIN_PASSWORD: ADMIN_PASSWORD, ...env });
}

/** The echo: what no server can be faster than. */
export async function startEcho(): Promise<Server> {
  return await ready("echo", spawn(["run", "-A", `${ROOT}test/bench/servers/echo.ts`], {}));
}

/** ocpp-rpc; where a file is named, over SQLite. */
export async function startRival(file?: string): Promise<Server> {
  const args = ["run", "-A", `${ROOT}test/bench/servers/rival.mjs`, ...(file ? [file] : [])];
  return await ready(file ? "ocpp-rpc SQLite" : "ocpp-rpc memory", spawn(args, {}));
}

/** Simulators in a process of their own, once a session runs at each. */
export async function startSimulators({ url }: Server, count: number): Promise<Server> {
  const args = [
    "run",
    "--allow-net",
    "--allow-read",
    "--allow-env",
    `${ROOT}test/bench/servers/simulators.ts`,
  ];
  const { hostname, port } = new URL(url);
  return await ready("simulators", spawn([...args, hostname, port, String(count)], {}));
}

function spawn(args: string[], env: Record<string, string>): Deno.ChildProcess {
  return spawnCommand([Deno.execPath(), ...args], env);
}

function spawnCommand(words: string[], env: Record<string, string>): Deno.ChildProcess {
  const command = withFiles(words);
  return new Deno.Command(command[0]!, {
    args: command.slice(1),
    cwd: ROOT,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Waits for the line with the port. */
async function ready(name: string, child: Deno.ChildProcess): Promise<Server> {
  const errors = tailOf(child.stderr);
  const port = await firstPort(child.stdout);
  if (port === null) {
    await kill(child);
    throw new Error(`Cannot start ${name}: ${errors()}`);
  }
  const stop = () => end(child);
  const url = `ws://127.0.0.1:${port}/`;
  return { name, pid: child.pid, url, stop, kill: () => kill(child), [Symbol.asyncDispose]: stop };
}

/** The port in the first line that has one; the rest is read and dropped. Null: the process ended, or printed none in time. */
function firstPort(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const timer = setTimeout(() => resolve(null), START_MS);
  (async () => {
    let text = "";
    for await (const part of output.pipeThrough(new TextDecoderStream())) {
      if (text.length < 10_000) text += part;
      const port = /127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port) resolve(Number(port));
    }
    resolve(null);
  })();
  return promise.finally(() => clearTimeout(timer));
}

/** Reads a stream to its end; the returned function returns its last 2000 characters so far. */
function tailOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): () => string {
  let tail = "";
  (async () => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) tail = (tail + part).slice(-2000);
  })();
  return () => tail;
}

async function end(child: Deno.ChildProcess): Promise<void> {
  const timer = setTimeout(() => signal(child, "SIGKILL"), STOP_MS);
  signal(child, "SIGTERM");
  await child.status;
  clearTimeout(timer);
}

/** Kills a process with SIGKILL. */
export async function kill(child: Deno.ChildProcess): Promise<void> {
  signal(child, "SIGKILL");
  await child.status;
}

function signal(child: Deno.ChildProcess, name: Deno.Signal): void {
  try {
    child.kill(name);
  } catch {
    // it has ended by itself
  }
}
