// The licence notices of the packages that are shipped with the program.
import { deno } from "./run.ts";
import { ROOT } from "../paths.ts";

const DIRECTORY = ROOT.pathname;
/** Roots of the shipped modules; the map's data is read, not imported. */
const ROOTS = ["main.ts", "src/admin/main.tsx", "src/map/tile_worker.ts"];
const DATA = ["world-atlas"];
const FONTS = `${DIRECTORY}static/fonts/LICENSE.txt`;
/** Notices for the whole, for Deno and for V8. */
const COPYRIGHT = `${DIRECTORY}systemd/debian/copyright`;

interface Package {
  name: string;
  version: string;
  dependencies: string[];
  localPath: string;
}

interface Graph {
  modules: { kind?: string; npmPackage?: string }[];
  npmPackages: Record<string, Package>;
}

/** Returns the text of all notices. Throws Error if a package does not state its licence. */
export async function licences(): Promise<string> {
  const found = new Map<string, Package>();
  for (const root of ROOTS) {
    collect(JSON.parse(await deno(["info", "--json", root], { cwd: ROOT.pathname })), found);
  }
  const packages = [...found.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  const notices = await Promise.all(packages.map(notice));
  const fonts = `Geist (font)\n\n${await Deno.readTextFile(FONTS)}`;
  return [await Deno.readTextFile(COPYRIGHT), ...notices, fonts].map((text) => text.trim()).join(
    `\n\n${"-".repeat(78)}\n\n`,
  ) + "\n";
}

/** Lists the imported packages and their dependencies. */
function collect({ modules, npmPackages }: Graph, found: Map<string, Package>): void {
  const imported = modules.flatMap(({ npmPackage }) => npmPackage ?? []);
  const data = Object.keys(npmPackages).filter((id) => DATA.includes(npmPackages[id]!.name));
  const visit = (id: string) => {
    const found_package = npmPackages[id];
    if (!found_package || found.has(id) || found_package.name.startsWith("@types/")) return;
    found.set(id, found_package);
    found_package.dependencies.forEach(visit);
  };
  [...imported, ...data].forEach(visit);
}

async function notice({ name, version, localPath }: Package): Promise<string> {
  const { license, author } = JSON.parse(await Deno.readTextFile(`${localPath}/package.json`));
  const texts = await licenceFiles(localPath);
  if (texts.length === 0 && typeof license !== "string") {
    throw new Error(`Cannot package: ${name} ${version} does not state its licence`);
  }
  const by = typeof author === "string" ? author : author?.name;
  const head = `${name} ${version}\nLicence: ${license ?? "see below"}${by ? `\nAuthor: ${by}` : ""}`;
  return [head, ...texts].join("\n\n");
}

async function licenceFiles(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && /^(licen[cs]e|copying|copyrightnotice|notice)(\.(md|txt))?$/i.test(name)) names.push(name);
  }
  const texts = names.sort().map((name) => Deno.readTextFile(`${folder}/${name}`));
  return (await Promise.all(texts)).map((text) => text.replaceAll("\r\n", "\n").trim());
}
