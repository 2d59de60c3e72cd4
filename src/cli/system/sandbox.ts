// The permissions of `serve`. A compiled binary is granted all, since its data directory is not known when it is compiled.
// Permissions can be revoked but not narrowed, so the gateway runs in a worker that starts with only those it needs.
import type { Config } from "../../config.ts";
import { ROOT, STATIC } from "../../paths.ts";

/** A message from the worker: it is loaded, or the gateway has ended with an exit code. */
export type WorkerMessage = { ready: true } | { exit: number };
/** A message to the worker: start, then stop. */
export type MainMessage = { start: Config } | { stop: string };

/** Environment variables that the gateway may read; `serve.sh` has the same list. */
const ENVIRONMENT = [
  "OCPP_*",
  "DENO_KV_*",
  "JOURNAL_STREAM",
  "NOTIFY_SOCKET",
  "RUNTIME_DIRECTORY",
  "WATCHDOG_USEC",
  "WS_NO_*",
  "DEBUG", // these three are looked up by the MQTT client and what it rests on
  "MQTTJS_SOCKS_PROXY",
  "READABLE_STREAM",
  "NODE_*",
];
const REVOKED = ["read", "write", "net", "env", "sys", "ffi"] as const;
const STOP_WITHIN_MS = 4_800;

/** Returns true if this process may read any file, that is, if its permissions are not narrowed yet. */
export function isUnrestricted(): boolean {
  const { state, partial } = Deno.permissions.querySync({ name: "read" });
  return state === "granted" && !partial;
}

/** Returns the permissions that the gateway needs. */
export function permissionsOf(config: Config): Deno.PermissionOptionsObject {
  const { data_dir, kv, tls_cert, tls_key, tls_client_ca, backup_folder } = config;
  const database = kv === ":memory:" || /^https?:/.test(kv) ? [] : [kv.replace(/[^/]*$/, "") || "."];
  const runtime = Deno.env.get("RUNTIME_DIRECTORY")?.split(":") ?? [];
  const notify = Deno.env.get("NOTIFY_SOCKET") ?? ""; // sending a datagram to it needs write permission
  const copies = backup_folder === null ? [] : [backup_folder];
  const own = withReal([
    data_dir,
    ...database,
    ...copies,
    ...runtime,
    ...(notify.startsWith("/") ? [notify] : []),
  ]);
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

/** Adds the real path of each path: permissions on a link, such as systemd's state directory, do not cover its target. */
function withReal(paths: string[]): string[] {
  return [...new Set(paths.flatMap((path) => [path, realPath(path)]))];
}

/** Resolves the links of a path; returns the path itself if it does not exist. */
export function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

/** Runs the gateway in a worker with narrow permissions; this thread revokes its own and handles signals. Resolves with the exit code. */
export async function serveInSandbox(config: Config, stop: Promise<string>): Promise<number> {
  const worker = new Worker(new URL("../serve_worker.ts", import.meta.url), {
    type: "module",
    deno: { permissions: permissionsOf(config) },
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
    if ("exit" in data) return resolve(data.exit);
    for (const name of REVOKED) Deno.permissions.revokeSync({ name });
    worker.postMessage({ start: config } satisfies MainMessage);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    console.error(event.message);
    resolve(1);
  };
  stop.then((signal) => {
    worker.postMessage({ stop: signal } satisfies MainMessage);
    Deno.unrefTimer(setTimeout(() => Deno.exit(1), STOP_WITHIN_MS));
  });
  return await promise;
}
