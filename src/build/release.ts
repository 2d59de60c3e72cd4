// `deno task release VERSION`: sets the version, moves the changelog's Unreleased, builds the packages, their checksums and
// signatures. It commits and pushes nothing.
import { deno, Failed, run } from "./run.ts";
import { ROOT } from "../paths.ts";

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;
const UNRELEASED = "## Unreleased\n";

/** The parts of a release that tests replace. */
export interface ReleaseOptions {
  /** Folder of the repository, with a slash at its end. */
  root: string;
  /** The day of the release, `YYYY-MM-DD`. */
  date: string;
  /** Builds the packages and SHA256SUMS into `dist/` of `root`. */
  build: () => Promise<unknown>;
}

/** Makes a release; returns what was done, a line each. Throws Error before anything is changed, or after taking it back. */
export async function release(version: string, { root, date, build }: ReleaseOptions): Promise<string[]> {
  await refuseDirtyTree(root);
  const files = ["deno.json", "CHANGELOG.md"];
  const before = await Promise.all(files.map((file) => Deno.readTextFile(root + file)));
  const [manifest, changelog] = before as [string, string];
  const after = [withVersion(manifest, version), withRelease(changelog, version, date)];
  await writeAll(root, files, after);
  try {
    await Deno.remove(`${root}dist`, { recursive: true }).catch(() => {});
    await build();
    return [
      `deno.json: version ${version}`,
      `CHANGELOG.md: Unreleased is now ${version} of ${date}`,
      ...await filesIn(root, "dist/"),
    ];
  } catch (error) {
    await writeAll(root, files, before);
    throw error;
  }
}

async function refuseDirtyTree(root: string): Promise<void> {
  const changed = await run("git", ["status", "--porcelain"], { cwd: root });
  if (changed.trim() !== "") {
    throw new Error(`Cannot release: there are uncommitted changes\n${changed.trimEnd()}`);
  }
}

/** Returns deno.json's text with another version. Throws Error when it is not a later one. */
export function withVersion(manifest: string, version: string): string {
  const current = JSON.parse(manifest).version as string;
  if (!VERSION.test(version)) throw new Error(`Cannot release: ${version} is not MAJOR.MINOR.PATCH`);
  if (!isLater(version, current)) throw new Error(`Cannot release: ${version} is not later than ${current}`);
  return manifest.replace(`"version": "${current}"`, `"version": "${version}"`);
}

function isLater(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => VERSION.exec(text)!.slice(1).map(Number)) as [
    number[],
    number[],
  ];
  const at = a.findIndex((number, index) => number !== b[index]);
  return at >= 0 && a[at]! > b[at]!;
}

/** Returns the changelog with Unreleased as the section of a version. Throws Error when nothing is in it. */
export function withRelease(changelog: string, version: string, date: string): string {
  const start = changelog.indexOf(UNRELEASED);
  const next = changelog.indexOf("\n## ", start + 1);
  const section = changelog.slice(start + UNRELEASED.length, next < 0 ? undefined : next);
  if (start < 0 || section.trim() === "") {
    throw new Error("Cannot release: CHANGELOG.md has nothing under Unreleased");
  }
  return changelog.replace(UNRELEASED, `${UNRELEASED}\n## ${version} - ${date}\n`);
}

/** Lists the files of a folder, with its name before each. */
async function filesIn(root: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isFile } of Deno.readDir(root + folder)) if (isFile) found.push(folder + name);
  return found.sort((a, b) => a.localeCompare(b));
}

async function writeAll(root: string, files: string[], texts: string[]): Promise<void> {
  await Promise.all(files.map((file, at) => Deno.writeTextFile(root + file, texts[at]!)));
}

/** The steps that are left to whoever releases. */
function nextSteps(version: string): string {
  return `Next: git commit -am 'release: ${version}' && git tag v${version} && git push --follow-tags, and publish dist/`;
}

if (import.meta.main) {
  const [version = ""] = Deno.args;
  const root = ROOT.pathname;
  try {
    const date = new Date().toISOString().slice(0, 10);
    const build = () => deno(["task", "package"], { cwd: root });
    console.log([...await release(version, { root, date, build }), nextSteps(version)].join("\n"));
  } catch (error) {
    console.error(error instanceof Failed ? `${error.message}\n${error.output}` : (error as Error).message);
    Deno.exit(1);
  }
}
