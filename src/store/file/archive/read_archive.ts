// Reading an archive: every member is checked against the manifest while it is written to the disk.
import { node } from "../../../node.ts";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import {
  ArchiveError,
  MANIFEST,
  type Manifest,
  MAX_MANIFEST,
  type Member,
  parseManifest,
  SUMS,
  sumsOf,
} from "./manifest.ts";

/** The use of an archive's members. */
export interface ReadOptions {
  /** Returns the path of the new file for a member; null: it is only checked. */
  pathOf: (name: string) => string | null;
  /** Bytes that the members may take. */
  room: number;
}

const CUT = "is cut off";
const NEITHER = "is neither an archive nor a database";

/**
 * Reads an archive to its end, writing its members to files, whose folders are made. Throws ArchiveError for all that is
 * not as the manifest says, and other errors of the stream or the disk; files may remain then.
 */
export async function readArchive(
  stream: ReadableStream<Uint8Array>,
  options: ReadOptions,
): Promise<Manifest> {
  const source = watched(stream);
  let begun = false;
  const entries = source.stream.pipeThrough(createTarDecoder({ strict: true })).getReader();
  try {
    const first = await entries.read();
    begun = true;
    return await readEntries(entries, first, options);
  } catch (error) {
    if (source.failure !== undefined) throw source.failure;
    if (error instanceof ArchiveError || isOfDisk(error)) throw error;
    throw begun ? damaged(error) : new ArchiveError(NEITHER);
  } finally {
    await entries.cancel().catch(() => {});
  }
}

/** Reads the manifest of an archive, and not the rest. Throws ArchiveError. */
export async function readManifest(path: string): Promise<Manifest> {
  const file = await Deno.open(path);
  const entries = file.readable.pipeThrough(createTarDecoder({ strict: true })).getReader();
  try {
    return parseManifest(await bytesOf(checked(await entries.read(), MANIFEST), MAX_MANIFEST));
  } finally {
    await entries.cancel().catch(() => {});
  }
}

type Entries = ReadableStreamDefaultReader<ParsedTarEntry>;

/** Remembers a failure of the source, which is none of the archive. */
function watched(stream: ReadableStream<Uint8Array>): {
  stream: ReadableStream<Uint8Array>;
  failure: unknown;
} {
  const watch = { failure: undefined as unknown, stream: new ReadableStream<Uint8Array>() };
  watch.stream = ReadableStream.from((async function* () {
    try {
      yield* stream;
    } catch (error) {
      watch.failure = error;
      throw error;
    }
  })());
  return watch;
}

function isOfDisk(error: unknown): boolean {
  return error instanceof Error &&
    ("code" in error || Object.values(Deno.errors).some((kind) => error instanceof kind));
}

function damaged(error: unknown): ArchiveError {
  const reason = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
  return new ArchiveError(/truncated/.test(reason) ? CUT : `is damaged (${reason})`);
}

type Next = ReadableStreamReadResult<ParsedTarEntry>;

async function readEntries(entries: Entries, head: Next, options: ReadOptions): Promise<Manifest> {
  const first = await bytesOf(checked(head, MANIFEST), MAX_MANIFEST);
  const manifest = parseManifest(first);
  checkRoom(manifest, options.room);
  const expected = sumsOf(manifest, node("crypto").createHash("sha256").update(first).digest("hex"));
  const sums = await bytesOf(checked(await entries.read(), SUMS), expected.length);
  if (!sums.every((byte, index) => byte === expected[index]) || sums.length !== expected.length) {
    throw new ArchiveError(`is damaged: ${MANIFEST} and ${SUMS} do not fit together`);
  }
  for (const member of manifest.members) {
    const entry = checked(await entries.read(), member.name);
    if (entry.header.size !== member.size) throw notAsListed(member);
    await save(entry, { member, path: options.pathOf(member.name) });
  }
  if (!(await entries.read()).done) throw new ArchiveError("holds more than its manifest lists");
  return manifest;
}

function checkRoom({ members }: Manifest, room: number): void {
  const bytes = members.reduce((sum, { size }) => sum + size, 0);
  if (bytes <= room) return;
  const [need, free] = [bytes, Math.max(0, room)].map((value) => Math.ceil(value / 1e6));
  throw new ArchiveError(`needs ${need} MB, and the disk has room for ${free} MB`);
}

function checked({ value, done }: Next, name: string): ParsedTarEntry {
  if (done) throw new ArchiveError(name === MANIFEST ? NEITHER : CUT);
  if (value.header.name === name && (value.header.type ?? "file") === "file") return value;
  throw new ArchiveError(
    name === MANIFEST
      ? `is no backup of a gateway: it begins with '${value.header.name}'`
      : `is damaged: it has '${value.header.name}' where '${name}' should be`,
  );
}

async function bytesOf({ header, body }: ParsedTarEntry, most: number): Promise<Uint8Array> {
  if (header.size > most) throw new ArchiveError(`is damaged: ${header.name} is too large`);
  return new Uint8Array(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

async function save(
  { body }: ParsedTarEntry,
  { member, path }: { member: Member; path: string | null },
): Promise<void> {
  if (path !== null) await Deno.mkdir(path.replace(/[^/]*$/, ""), { recursive: true, mode: 0o700 });
  using file = path === null
    ? null
    : await Deno.open(path, { write: true, create: true, truncate: true, mode: 0o600 });
  const hash = node("crypto").createHash("sha256");
  for await (const chunk of body) {
    hash.update(chunk);
    for (let at = 0; file && at < chunk.length;) at += await file.write(chunk.subarray(at));
  }
  if (hash.digest("hex") !== member.sha256) throw notAsListed(member);
  await file?.sync();
}

function notAsListed({ name }: Member): ArchiveError {
  return new ArchiveError(`is damaged: ${name} is not as the manifest lists it`);
}
