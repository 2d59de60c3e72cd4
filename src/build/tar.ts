// The archives of packages: tar (POSIX ustar) and ar. All files belong to root and have the same time.

/** An entry of an archive: a file, a folder or a link. */
export interface Entry {
  /** Path without a slash at the start or at the end. */
  path: string;
  kind: "file" | "folder" | "link";
  mode: number;
  content: Uint8Array;
  /** Target of a link. */
  target: string;
}

const BLOCK = 512;
const TYPES = { file: "0", folder: "5", link: "2" } as const;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Returns the entry of a file. */
export function file(path: string, content: Uint8Array | string, mode = 0o644): Entry {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  return { path, kind: "file", mode, content: bytes, target: "" };
}

/** Returns the entry of a symbolic link. */
export function symlink(path: string, target: string): Entry {
  return { path, kind: "link", mode: 0o777, content: new Uint8Array(), target };
}

/** Returns the entries with all their parent folders, in order. */
export function withFolders(entries: readonly Entry[]): Entry[] {
  const folders = new Set<string>();
  for (const { path } of entries) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join("/"));
  }
  const made = [...folders].map((path): Entry => ({ ...file(path, ""), kind: "folder", mode: 0o755 }));
  return [...made, ...entries].sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Builds a tar archive; `prefix` is put before each path, `time` is in s since 1970. */
export function tar(entries: readonly Entry[], time: number, prefix = ""): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    parts.push(header(entry, time, prefix), entry.content, new Uint8Array(padding(entry.content.length)));
  }
  return joined([...parts, new Uint8Array(BLOCK * 2)]);
}

/** Returns the content of one file of a tar archive; undefined if it has no such file. */
export function fileIn(archive: Uint8Array, path: string): Uint8Array | undefined {
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const field = (from: number, to: number) =>
      decoder.decode(archive.subarray(at + from, at + to)).replace(/\0.*$/s, "");
    const size = parseInt(field(124, 136), 8) || 0;
    const name = [field(345, 500), field(0, 100)].filter(Boolean).join("/");
    if (name === path) return archive.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + size + padding(size);
  }
  return undefined;
}

/** Builds an ar archive, the format of a .deb. */
export function ar(
  files: readonly { name: string; content: Uint8Array }[],
  time: number,
): Uint8Array<ArrayBuffer> {
  const parts = [encoder.encode("!<arch>\n")];
  for (const { name, content } of files) {
    const fields = [
      name.padEnd(16),
      String(time).padEnd(12),
      "0     ",
      "0     ",
      "100644  ",
      String(content.length).padEnd(10),
    ];
    parts.push(encoder.encode(`${fields.join("")}\`\n`), content as Uint8Array<ArrayBuffer>);
    if (content.length % 2) parts.push(encoder.encode("\n"));
  }
  return joined(parts);
}

/** Concatenates bytes. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function header(entry: Entry, time: number, prefix: string): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  const put = (text: string, at: number) => bytes.set(encoder.encode(text), at);
  const octal = (number: number, width: number) => `${number.toString(8).padStart(width - 1, "0")}\0`;
  const path = prefix + entry.path + (entry.kind === "folder" ? "/" : "");
  const cut = path.length <= 100 ? -1 : path.indexOf("/", path.length - 101);
  if (path.length > 100 && (cut < 0 || cut > 155)) {
    throw new Error(`Cannot archive ${path}: the path is too long`);
  }
  put(cut < 0 ? path : path.slice(cut + 1), 0);
  put(
    octal(entry.mode, 8) + octal(0, 8) + octal(0, 8) + octal(entry.content.length, 12) + octal(time, 12),
    100,
  );
  put(" ".repeat(8) + TYPES[entry.kind], 148);
  put(entry.target, 157);
  put("ustar\x0000root", 257);
  put("root", 297);
  if (cut > 0) put(path.slice(0, cut), 345);
  put(`${bytes.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}

function padding(size: number): number {
  return (BLOCK - size % BLOCK) % BLOCK;
}
