// Requests to the archive worker; each has a worker of its own.
import type { ArchiveAnswer, ArchiveRequest } from "./archive_worker.ts";
import { ArchiveError } from "./manifest.ts";
import { WrongPassphrase } from "./sealed_keys.ts";

/** Runs a request in a worker. Throws WrongPassphrase, ArchiveError, or Error with the worker's reason. */
export async function workOnArchive(request: ArchiveRequest): Promise<ArchiveAnswer> {
  const worker = new Worker(new URL("./archive_worker.ts", import.meta.url), { type: "module" });
  try {
    const answer = await ask(worker, request);
    if (answer.failure !== null) throw failureOf(answer.failure);
    return answer;
  } finally {
    worker.terminate();
  }
}

function ask(worker: Worker, request: ArchiveRequest): Promise<ArchiveAnswer> {
  const { promise, resolve } = Promise.withResolvers<ArchiveAnswer>();
  worker.onmessage = ({ data }: MessageEvent<ArchiveAnswer>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ failure: { reason: event.message, kind: "other" } });
  };
  worker.postMessage(request);
  return promise;
}

function failureOf({ reason, kind }: NonNullable<ArchiveAnswer["failure"]>): Error {
  if (kind === "passphrase") return new WrongPassphrase(reason);
  return kind === "archive" ? new ArchiveError(reason) : new Error(reason);
}
