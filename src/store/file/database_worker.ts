// The worker for long work on a database, which would block the event loop.
import * as sqlite from "node:sqlite";
import { settleDatabase, vacuum, verifyDatabase } from "./database_file.ts";
import type { Site } from "../site.ts";
import { damageIn } from "./value_scrub.ts";

/** A request to the worker. */
export type DatabaseRequest =
  /** Copy a database, in use or not, and verify the copy. */
  | { work: "backup"; from: string; to: string }
  /** Check every page and every value. */
  | { work: "verify"; path: string }
  /** Return free pages to the file system. */
  | { work: "vacuum"; path: string; pages: number };

/** The worker's answer. */
export interface DatabaseAnswer {
  /** The reason of a failure; null: success. */
  failure: string | null;
  site?: Site;
  /** The number of damaged values and some of their names; null: there is none. */
  damage?: string | null;
  /** Number of free pages left. */
  free?: number;
}

const ALL_PAGES = 1_000_000_000; // in one step: a write between two steps restarts the copy
const BUSY_MS = 5_000; // 0 by default, too short beside the gateway's writes

async function answer(request: DatabaseRequest): Promise<DatabaseAnswer> {
  if (request.work === "vacuum") return { failure: null, free: vacuum(request.path, request.pages) };
  if (request.work === "verify") return verified(request.path);
  await copy(request);
  settleDatabase(request.from); // the write-ahead log that grew meanwhile does not shrink by itself
  return verified(request.to);
}

function verified(path: string): DatabaseAnswer {
  const site = verifyDatabase(path);
  return { failure: null, site, damage: damageIn(path, site) };
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
