// What `serve` may do. Where it was given more (a compiled binary cannot know its data dir before), it gives the rest up:
// permissions can be revoked but not narrowed, so the gateway runs in a worker that never had them.
import type { Config } from "../../config.ts";
import { ROOT, STATIC } from "../../paths.ts";

/** What the worker tells: that it is loaded, and how the gateway ended. */
export type WorkerWord = { ready: true } | { exit: number };
/** What the worker is told: to start, then to stop. */
export type MainWord = { start: Config } | { stop: string };

/** As `serve.sh` has them. */
const ENVIRONMENT = [
  "OCPP_*",
  "DENO_KV_*",
  "JOURNAL_STREAM",
  "NOTIFY_SOCKET",
  "RUNTIME_DIRECTORY",
  "WATCHDOG_USEC",
  "WS_NO_*",
  "NODE_*",
];
const REVOKED = ["read", "write", "net", "env", "sys", "ffi"] as const;
const STOP_WITHIN_MS = 4_800;

/** Whether this process may read anything: nobody has narrowed it down yet. */
export function isUnsandboxed(): boolean {
  const { state, partial } = Deno.permissions.querySync({ name: "read" });
  return state === "granted" && !partial;
}

/** What the gateway needs, and no more. */
export function permissionsOf(config: Config): Deno.PermissionOptionsObject {
  const { data_dir, kv, tls_cert, tls_key, tls_client_ca } = config;
  const database = kv === ":memory:" || /^https?:/.test(kv) ? [] : [kv.replace(/[^/]*$/, "") || "."];
  const runtime = Deno.env.get("RUNTIME_DIRECTORY")?.split(":") ?? [];
  const notify = Deno.env.get("NOTIFY_SOCKET") ?? ""; // a datagram to it counts as writing
  const own = withReal([data_dir, ...database, ...runtime, ...(notify.startsWith("/") ? [notify] : [])]);
  const files = withReal([tls_cert, tls_key, tls_client_ca].filter((path) => path !== null));
  const program = [new URL("src/", ROOT), STATIC];
  return {
    net: true,
    read: [...own, ...files, ...program, "/run/systemd/timesync/synchronized"],
    write: own,
    env: ENVIRONMENT,
    sys: ["networkInterfaces", "statfs"],
    run: false,
    ffi: false,
    import: false,
  };
}

/** A link counts as what it leads to as well: systemd's state directory is one. */
function withReal(paths: string[]): string[] {
  return [...new Set(paths.flatMap((path) => [path, realPath(path)]))];
}

/** A path without links; of what is not there yet, the path itself. */
export function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

/** Runs the gateway in a worker that may do only what it needs; this thread keeps nothing but the signals. Resolves with the exit code. */
export async function serveSandboxed(config: Config, stop: Promise<string>): Promise<number> {
  const worker = new Worker(new URL("../serve_worker.ts", import.meta.url), {
    type: "module",
    deno: { permissions: permissionsOf(config) },
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  worker.onmessage = ({ data }: MessageEvent<WorkerWord>) => {
    if ("exit" in data) return resolve(data.exit);
    for (const name of REVOKED) Deno.permissions.revokeSync({ name });
    worker.postMessage({ start: config } satisfies MainWord);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    console.error(event.message);
    resolve(1);
  };
  stop.then((signal) => {
    worker.postMessage({ stop: signal } satisfies MainWord);
    Deno.unrefTimer(setTimeout(() => Deno.exit(1), STOP_WITHIN_MS));
  });
  return await promise;
}
