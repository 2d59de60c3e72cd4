// Jobs: firmware updates and uploads, from the request to the last status notification (OCPP 1.6 §4.4, §4.5, §5.9, §5.19).
import { toIso } from "../../ocpp/time.ts";
import type { Job, Store } from "../../store/store.ts";
import type { Context, SiteContext } from "../context.ts";
import { maskLocation, tokenIn } from "./locations.ts";

const MAX_HISTORY = 200;
const KEPT = 100; // ended jobs per charger
const SILENT_MS = 24 * 3_600_000;

/** Statuses that end a job; all others leave it running. */
const ENDS: Readonly<Record<string, Job["state"]>> = {
  Uploaded: "done",
  Installed: "done",
  UploadFailed: "failed",
  UploadFailure: "failed",
  BadMessage: "failed",
  NotSupportedOperation: "failed",
  PermissionDenied: "failed",
  DownloadFailed: "failed",
  InstallationFailed: "failed",
  InstallVerificationFailed: "failed",
  InvalidSignature: "failed",
  Rejected: "refused",
  InvalidCertificate: "refused",
  RevokedCertificate: "refused",
};

/** States of jobs that may still get a status. */
const OPEN: ReadonlySet<Job["state"]> = new Set(["running", "failed", "unknown"]);

/** Returns a charger's jobs, newest first. */
export function jobsOf(store: Store, charger_id?: string): Job[] {
  return [...store.jobs.values()]
    .filter((job) => charger_id === undefined || job.charger_id === charger_id)
    .sort((a, b) => b.job_id - a.job_id);
}

/** Returns an id that no job and no location has. */
export function newJobId(store: Store): number {
  let last = store.idFloor("job");
  for (const { job_id } of store.jobs.values()) last = Math.max(last, job_id);
  for (const { job_id } of store.file_tokens.values()) last = Math.max(last, job_id);
  return last + 1;
}

/** The data of a new job. */
export interface NewJob {
  action: Job["action"];
  location: string;
  request_id?: number;
  file_name?: string | null;
  /** Time at which the charger is to start, ISO 8601. */
  starts_at?: string | undefined;
  /** Status of the charger's answer, if it has one. */
  status?: string;
  /** State of a job that ends with the answer. */
  ended_as?: Job["state"] | undefined;
}

/**
 * Stores a job after the charger's answer. It replaces a running job of the same action, since the charger works on the
 * newest only.
 */
export async function beginJob(begun: NewJob, context: Context): Promise<void> {
  const { store, charger_id, now } = context;
  const at = toIso(now());
  const job: Job = {
    job_id: tokenIn(begun.location, store)?.job_id ?? newJobId(store),
    charger_id,
    action: begun.action,
    request_id: begun.request_id ?? null,
    state: "running",
    history: begun.status === undefined ? [] : [{ at, status: begun.status }],
    location: maskLocation(begun.location),
    file_name: begun.file_name ?? null,
    file: null,
    created_at: at,
    ...(Date.parse(begun.starts_at ?? "") > now() ? { starts_at: begun.starts_at! } : {}),
    ended_at: null,
  };
  const ended = begun.ended_as ?? ENDS[begun.status ?? ""];
  if (!ended) await cancelRunning(job, context);
  await keep(ended ? { ...job, state: ended, ended_at: at } : job, context);
  await forgetOld(context);
}

async function cancelRunning({ action, created_at }: Job, context: Context): Promise<void> {
  const running = jobsOf(context.store, context.charger_id).filter((job) =>
    job.action === action && job.state === "running"
  );
  await Promise.all(
    running.map((job) => keep({ ...job, state: "cancelled", ended_at: created_at }, context)),
  );
}

async function forgetOld({ store, charger_id }: Context): Promise<void> {
  const ended = jobsOf(store, charger_id).filter(({ state }) => state !== "running");
  await Promise.all(ended.slice(KEPT).map(({ job_id }) => store.jobs.delete(String(job_id))));
}

/** A status notification of a charger. */
export interface Progress {
  action: Job["action"];
  status: string;
  request_id?: number;
}

/**
 * Applies a status to its job: the one with its requestId, else the newest of the action. `Idle` is the answer to a
 * trigger and concerns no job (OCPP 1.6 §7.24, §7.25). A failed or abandoned job may continue, since chargers retry; a
 * completed one stays so (evcc#29488: an unsolicited Installed). A repeated status is not stored (EVerest#536).
 */
export async function noteProgress(progress: Progress, context: Context): Promise<void> {
  const { status } = progress;
  const job = jobOf(progress, context);
  if (job?.history.at(-1)?.status === status) return;
  context.events.emit("job_status", context.charger_id, () => ({ ...progress, job_id: job?.job_id ?? null }));
  if (!job || status === "Idle") return;
  const at = toIso(context.now());
  const state = ENDS[status] ?? "running";
  const history = [...job.history, { at, status }].slice(-MAX_HISTORY);
  await keep({ ...job, history, state, ended_at: state === "running" ? null : at }, context);
}

function jobOf({ action, request_id }: Progress, { store, charger_id }: Context): Job | undefined {
  const jobs = jobsOf(store, charger_id).filter((job) => job.action === action);
  const job = request_id === undefined ? jobs[0] : jobs.find((each) => each.request_id === request_id);
  return job && OPEN.has(job.state) ? job : undefined;
}

/** Marks jobs without a status for a day as `unknown`. */
export async function sweepJobs(now: number, site: SiteContext): Promise<void> {
  const silent = [...site.store.jobs.values()].filter((job) =>
    job.state === "running" && now - heardOf(job) > SILENT_MS
  );
  await Promise.all(silent.map((job) => keep({ ...job, state: "unknown", ended_at: toIso(now) }, site)));
}

function heardOf({ created_at, starts_at, history }: Job): number {
  const times = [created_at, starts_at ?? created_at, history.at(-1)?.at ?? created_at];
  return Math.max(...times.map(Date.parse));
}

/** Stores that the charger has uploaded a file for a job. */
export async function noteFile(job_id: number, file: string, site: SiteContext): Promise<void> {
  const job = site.store.jobs.get(String(job_id));
  if (job) await keep({ ...job, file }, site);
}

/** Deletes the upload URLs of a job that gets no status any more. */
async function endUploads({ job_id }: Job, { file_tokens }: Store): Promise<void> {
  const over = file_tokens.all().filter((one) => one.job_id === job_id && one.purpose === "upload");
  await Promise.all(over.map(({ token }) => file_tokens.delete(token)));
}

async function keep(job: Job, { store, events }: SiteContext): Promise<void> {
  const written = store.jobs.put(job);
  events.emit("job", job.charger_id, () => job);
  await written;
  if (!OPEN.has(job.state)) await endUploads(job, store);
}
