// A place outside the machine for copies of backups.

/** A place: a mounted folder, or a bucket. All methods throw Error with the reason. */
export interface CopyPlace {
  readonly kind: "folder" | "s3";
  /** The place for people; no secrets are in it. */
  readonly target: string;
  /** Returns the names of the copies. */
  list(signal: AbortSignal): Promise<string[]>;
  /** Copies the file `path` and verifies the copy. Nothing of the name is there when it fails. */
  put(path: string, name: string, signal: AbortSignal): Promise<void>;
  remove(name: string, signal: AbortSignal): Promise<void>;
}
