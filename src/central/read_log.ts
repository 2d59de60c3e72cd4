// Reading the files of the message log from outside the gateway, which may be writing them.
import { type BlockHeader, findBlock, hashOf, headerAt, linesOf, MAX_HEADER } from "./log_block.ts";
import { filesIn, readAt } from "./message_file.ts";

/** The messages that are looked for. */
export interface LogQuery {
  charger_id?: string | undefined;
  /** Times, ms since 1970: from `since` on, before `until`. */
  since?: number | undefined;
  until?: number | undefined;
}

const USUAL_HEADER = 1_024;
const SCAN_BYTES = 65_536;
/** Place of the time in a line, and of what is behind it. */
const [TIME, REST] = [7, 32];

const decoder = new TextDecoder();

/** Reads the lines of a log as they were written, oldest first, each a JSON object. What is damaged is left out. */
export async function* readLog(directory: string, query: LogQuery = {}): AsyncGenerator<string> {
  const matches = matcherOf(query);
  const files = await filesIn(directory);
  await using opened = new AsyncDisposableStack();
  const sources: { file: Deno.FsFile; deflated: boolean }[] = [];
  for (const { path, deflated } of files) { // all at once: rotation renames them
    const file = await Deno.open(path).catch(() => null);
    if (!file) continue;
    opened.defer(() => closed(file));
    sources.push({ file, deflated });
  }
  for (const { file, deflated } of sources) {
    for await (const text of deflated ? textsOfBlocks(file, query) : textsOf(file)) {
      for (const line of text.split("\n")) if (line !== "" && matches(line)) yield line;
    }
  }
}

function closed(file: Deno.FsFile): void {
  try {
    file.close();
  } catch {
    // its stream has closed it
  }
}

/** Returns the test of a line, by its text: most lines need no parsing. */
function matcherOf({ charger_id, since, until }: LogQuery): (line: string) => boolean {
  const from = since === undefined ? "" : new Date(since).toISOString();
  const to = until === undefined ? "\uffff" : new Date(until).toISOString();
  const named = charger_id === undefined ? "" : `"charger_id":${JSON.stringify(charger_id)},`;
  return (line) => line.slice(TIME) >= from && line.slice(TIME) < to && line.startsWith(named, REST + 1);
}

/** Returns the lines of a plain file, in pieces that end with lines. */
async function* textsOf(file: Deno.FsFile): AsyncGenerator<string> {
  let rest = "";
  for await (const part of file.readable.pipeThrough(new TextDecoderStream())) {
    const end = part.lastIndexOf("\n") + 1;
    if (end > 0) yield rest + part.slice(0, end);
    rest = end > 0 ? part.slice(end) : rest + part;
  }
}

/** Returns the lines of the blocks that may hold what is looked for. Behind a damaged block the next whole one follows. */
async function* textsOfBlocks(file: Deno.FsFile, query: LogQuery): AsyncGenerator<string> {
  const hash = query.charger_id === undefined ? null : hashOf(query.charger_id);
  const wanted = ({ from, to, chargers }: BlockHeader) =>
    to >= (query.since ?? -Infinity) && from < (query.until ?? Infinity) &&
    (hash === null || chargers.has(hash));
  for (let at = 0; at >= 0;) {
    const header = await headerOf(file, at);
    const text = !header ? null : wanted(header) ? inflated(await readAt(file, at, header.length)) : "";
    if (text) yield text;
    at = text === null ? await nextBlock(file, at + 1) : at + header!.length;
  }
}

async function headerOf(file: Deno.FsFile, at: number): Promise<BlockHeader | null> {
  return headerAt(await readAt(file, at, USUAL_HEADER), 0) ?? headerAt(await readAt(file, at, MAX_HEADER), 0);
}

/** Returns the offset of the next start of a block; -1: there is none. */
async function nextBlock(file: Deno.FsFile, from: number): Promise<number> {
  for (let at = from;; at += SCAN_BYTES / 2) { // overlapping, for a start at the end of a piece
    const bytes = await readAt(file, at, SCAN_BYTES);
    const found = findBlock(bytes, 0);
    if (found >= 0) return at + found;
    if (bytes.length < SCAN_BYTES) return -1;
  }
}

function inflated(block: Uint8Array): string | null {
  try {
    return decoder.decode(linesOf(block));
  } catch {
    return null;
  }
}
