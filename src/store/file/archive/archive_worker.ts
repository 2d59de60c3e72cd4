// The worker for archives: hashing, packing, and the passphrase's scrypt, which would block the event loop.
import { ArchiveError, type Manifest } from "./manifest.ts";
import { type KeyFile, openKeys, WrongPassphrase } from "./sealed_keys.ts";
import { type ArchiveOptions, writeArchive } from "./write_archive.ts";

/** A request to the worker. */
export type ArchiveRequest =
  /** Write an archive to a new file and verify it. */
  | { work: "write"; to: string; options: ArchiveOptions }
  /** Decrypt private keys. */
  | { work: "open"; sealed: Uint8Array; passphrase: string };

/** The worker's answer. */
export interface ArchiveAnswer {
  /** The failure; null: success. */
  failure: { reason: string; kind: "archive" | "passphrase" | "other" } | null;
  manifest?: Manifest;
  keys?: KeyFile[];
}

async function answer(request: ArchiveRequest): Promise<ArchiveAnswer> {
  if (request.work === "open") {
    return { failure: null, keys: await openKeys(request.sealed, request.passphrase) };
  }
  return { failure: null, manifest: await writeArchive(request.to, request.options) };
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<ArchiveRequest>) => void;
  postMessage(answer: ArchiveAnswer): void;
};

scope.onmessage = async ({ data }) => {
  try {
    scope.postMessage(await answer(data));
  } catch (error) {
    const kind = error instanceof WrongPassphrase
      ? "passphrase"
      : error instanceof ArchiveError
      ? "archive"
      : "other";
    scope.postMessage({ failure: { reason: error instanceof Error ? error.message : String(error), kind } });
  }
};
