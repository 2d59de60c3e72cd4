// Requests to the database worker; each has a worker of its own.
import type { DatabaseAnswer, DatabaseRequest } from "./database_worker.ts";

/** Runs a request in a worker. Throws Error with the worker's reason. */
export async function workOnDatabase(request: DatabaseRequest): Promise<DatabaseAnswer> {
  const worker = new Worker(new URL("./database_worker.ts", import.meta.url), { type: "module" });
  try {
    const answer = await ask(worker, request);
    if (answer.failure !== null) throw new Error(answer.failure);
    return answer;
  } finally {
    worker.terminate();
  }
}

function ask(worker: Worker, request: DatabaseRequest): Promise<DatabaseAnswer> {
  const { promise, resolve } = Promise.withResolvers<DatabaseAnswer>();
  worker.onmessage = ({ data }: MessageEvent<DatabaseAnswer>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ failure: event.message });
  };
  worker.postMessage(request);
  return promise;
}
