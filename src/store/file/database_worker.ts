// The worker for work on a live database that would hold up the event loop.
import * as sqlite from "node:sqlite";
import { settleDatabase, vacuum, verifyDatabase } from "./database_file.ts";
import type { Site } from "../site.ts";

/** What the worker is asked for. */
export type DatabaseRequest =
  /** Copy a database, in use or not, and look the copy through. */
  | { work: "backup"; from: string; to: string }
  /** Look at every page. */
  | { work: "verify"; path: string }
  /** Give free pages back to the card. */
  | { work: "vacuum"; path: string; pages: number };

/** What it answers. */
export interface DatabaseAnswer {
  /** Why it is not done; null: it is. */
  failure: string | null;
  site?: Site;
  /** Free pages that are left. */
  free?: number;
}

const ALL_PAGES = 1_000_000_000; // in one step: a writer would make it start anew
const BUSY_MS = 5_000; // 0 by default, and the gateway writes all the time

async function answer(request: DatabaseRequest): Promise<DatabaseAnswer> {
  if (request.work === "vacuum") return { failure: null, free: vacuum(request.path, request.pages) };
  if (request.work === "verify") return { failure: null, site: verifyDatabase(request.path) };
  await copy(request);
  settleDatabase(request.from); // the WAL that grew while the copy was read would never shrink by itself
  return { failure: null, site: verifyDatabase(request.to) };
}

async function copy({ from, to }: { from: string; to: string }): Promise<void> {
  const { backup, DatabaseSync } = sqlite;
  if (typeof backup !== "function") throw new Error("this version of Deno cannot copy a live database");
  const live = new DatabaseSync(from, { readOnly: true, timeout: BUSY_MS } as object);
  try {
    await backup(live, to, { rate: ALL_PAGES });
  } finally {
    live.close();
  }
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<DatabaseRequest>) => void;
  postMessage(answer: DatabaseAnswer): void;
};

scope.onmessage = async ({ data }) => {
  try {
    scope.postMessage(await answer(data));
  } catch (error) {
    scope.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
};
