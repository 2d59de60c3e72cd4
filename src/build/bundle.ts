// Bundles the admin into static/admin/: hashed names, the first page apart, precompressed. `--if-stale` skips a bundle that is up to date.
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { isBuiltin } from "node:module";
import type * as Esbuild from "esbuild";
import { baseMap } from "./base_map.ts";
import { dataFile } from "./data_file.ts";
import { messageFiles, tableNames } from "./message_files.ts";
import { ROOT } from "../paths.ts";
import { ZONE_PLACES } from "./zone_places.ts";

const SOURCE = new URL("src/admin/", ROOT);
const MESSAGES = new URL("src/i18n/admin/", ROOT);
const TARGET = new URL("static/admin/", ROOT);
const STAMP = new URL("stamp.txt", TARGET);
/** Needed at the first start only. */
const ZONES = dataFile("zones", "txt", ZONE_PLACES);

/** Takes the place of the package `leaflet`. */
const LEAFLET = new URL("components/leaflet_parts.js", SOURCE).pathname;

/** Names of Leaflet's own fields, which it never makes from text but for those that are reserved. */
const LEAFLET_PRIVATE = /^_[a-z]\w\w+$/;

/** The sizes of a bundle, bytes. */
export interface BundleSizes {
  /** JavaScript that the first page loads, gzipped. */
  first: number;
  /** All JavaScript, gzipped. */
  all: number;
  css: number;
}

/** Builds static/admin/, or another folder of that kind. */
export async function bundle(target: URL = TARGET): Promise<BundleSizes> {
  const stamp = await sourceStamp();
  const result = await build();
  const fresh = new URL(`../admin.${crypto.randomUUID()}/`, target);
  await Deno.mkdir(new URL("assets/", fresh), { recursive: true });
  const css = result.outputFiles.find(({ path }) => path.endsWith(".css"))!;
  const main = result.outputFiles.find(({ path }) => /\/main-\w+\.js$/.test(path))!;
  const files = result.outputFiles.map(({ path, contents }) => ({ name: nameOf(path), contents }));
  const page = indexPage({
    main: nameOf(main.path),
    css: nameOf(css.path),
    preload: chunksOf("main.tsx", result.metafile),
  });
  for (const { name, contents } of [await baseMap(), ZONES, ...await messageFiles(MESSAGES)]) {
    files.push({ name: `assets/${name}`, contents });
  }
  files.push({ name: "index.html", contents: new TextEncoder().encode(page) });
  const sizes = files.map((file) => ({
    name: file.name,
    gzip: compress(new URL(file.name, fresh), file.contents),
  }));
  Deno.writeTextFileSync(new URL("stamp.txt", fresh), stamp);
  await Deno.remove(target, { recursive: true }).catch(() => {});
  await Deno.rename(fresh, target);
  return sizesOf(sizes, chunksOf("main.tsx", result.metafile));
}

/** Returns true if static/admin/ was built from the current sources. */
export async function isFresh(): Promise<boolean> {
  const made = await Deno.readTextFile(STAMP).catch(() => null);
  return made !== null && made === await sourceStamp();
}

async function build() {
  const esbuild = await import("esbuild");
  try {
    const result = await esbuild.build({
      entryPoints: {
        main: new URL("main.tsx", SOURCE).pathname,
        style: new URL("style/main.css", SOURCE).pathname,
      },
      bundle: true,
      splitting: true,
      format: "esm",
      minify: true,
      charset: "utf8",
      metafile: true,
      write: false,
      target: ["chrome123", "firefox121", "safari17.5"],
      jsx: "transform", // smaller than calls of preact/jsx-runtime
      jsxFactory: "h",
      jsxFragment: "Fragment",
      mangleProps: LEAFLET_PRIVATE,
      reserveProps: /^_leaflet/,
      outdir: "/assets",
      entryNames: "[name]-[hash]",
      chunkNames: "[name]-[hash]",
      legalComments: "none",
      loader: { ".png": "dataurl", ".svg": "dataurl" },
      external: ["/static/*"],
      plugins: [tableNames, jsxImports, packages],
      logLevel: "silent",
      define: await defines(),
    });
    if (result.warnings.length > 0) throw new Error(result.warnings.map(({ text }) => text).join("\n"));
    return result;
  } finally {
    await esbuild.stop();
  }
}

/** Returns the constants of the scripts: the URLs of the data files. */
async function defines(): Promise<Record<string, string>> {
  const at = (name: string) => `/admin/assets/${name}`;
  const files = await messageFiles(MESSAGES);
  return {
    BASE_MAP: JSON.stringify(at((await baseMap()).name)),
    ZONE_PLACES: JSON.stringify(at(ZONES.name)),
    MESSAGE_FILES: JSON.stringify(
      Object.fromEntries(files.map(({ language, name }) => [language, at(name)])),
    ),
  };
}

/** Imports what JSX becomes calls of, in the files that have JSX. */
const jsxImports: Esbuild.Plugin = {
  name: "jsx imports",
  setup(build) {
    build.onLoad({ filter: /\.tsx$/ }, async ({ path }) => ({
      contents: `import { Fragment, h } from "preact"; ${await Deno.readTextFile(path)}`,
      loader: "tsx",
    }));
  },
};

/** Resolves packages in Deno's cache, by their names in deno.json. Modules of Node, which some use in Node only, are left out. */
const packages: Esbuild.Plugin = {
  name: "packages",
  setup(build) {
    build.onResolve({ filter: /^[@a-z]/ }, ({ path, kind }) => {
      if (kind === "entry-point" || kind === "url-token") return undefined;
      if (isBuiltin(path)) return { path, external: true };
      if (path === "leaflet") return { path: LEAFLET };
      return { path: new URL(import.meta.resolve(path)).pathname };
    });
  },
};

function nameOf(path: string): string {
  return path.replace(/^\//, "");
}

/** Returns the files that an output imports statically, directly or not: a browser loads them along with it. */
function chunksOf(part: string, { outputs }: Esbuild.Metafile): string[] {
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    for (const { path, kind } of outputs[name]!.imports) if (kind === "import-statement") visit(path);
  };
  visit(Object.keys(outputs).find((name) => outputs[name]!.entryPoint?.endsWith(`/${part}`))!);
  return [...found].map((path) => `assets/${path.split("/").at(-1)}`);
}

function indexPage({ main, css, preload }: { main: string; css: string; preload: string[] }): string {
  const chunks = preload.map((chunk) => `<link rel="modulepreload" href="/admin/${chunk}">`).join("");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<meta name="color-scheme" content="light dark"><meta name="theme-color" content="#0d2a20"><title>OCPP gateway</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/admin/${css}">
<link rel="preload" href="/static/fonts/geist-1.woff2" as="font" type="font/woff2" crossorigin>${chunks}
<script type="module" src="/admin/${main}"></script></head>
<body><div id="app"></div><noscript>The admin needs JavaScript. <span lang="es">La administración necesita JavaScript.</span></noscript></body></html>
`;
}

/** Writes a file and its compressed versions; returns the gzipped size. */
function compress(url: URL, contents: Uint8Array): number {
  Deno.writeFileSync(url, contents);
  const gzip = gzipSync(contents, { level: 9 });
  const brotli = brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  Deno.writeFileSync(new URL(`${url}.gz`), gzip);
  Deno.writeFileSync(new URL(`${url}.br`), brotli);
  return gzip.length;
}

function sizesOf(files: { name: string; gzip: number }[], first: string[]): BundleSizes {
  const sum = (wanted: (name: string) => boolean) =>
    files.filter(({ name }) => wanted(name)).reduce((total, { gzip }) => total + gzip, 0);
  return {
    first: sum((name) => first.includes(name)),
    all: sum((name) => name.endsWith(".js")),
    css: sum((name) => name.endsWith(".css")),
  };
}

/** Returns paths, sizes and times of all inputs. */
async function sourceStamp(): Promise<string> {
  const lines: string[] = [];
  const walk = async (folder: URL) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const url = new URL(name + (isDirectory ? "/" : ""), folder);
      if (isDirectory) await walk(url);
      else lines.push(await fileStamp(url));
    }
  };
  await Promise.all([walk(SOURCE), walk(new URL("src/i18n/", ROOT)), walk(new URL("src/build/", ROOT))]);
  lines.push(await fileStamp(new URL("deno.json", ROOT)));
  return lines.sort().join("\n");
}

async function fileStamp(url: URL): Promise<string> {
  const { size, mtime } = await Deno.stat(url);
  return `${url.pathname.slice(ROOT.pathname.length)} ${size} ${mtime?.getTime()}`;
}

if (import.meta.main) {
  if (!Deno.args.includes("--if-stale") || !await isFresh()) {
    const started = performance.now();
    const { first, all, css } = await bundle();
    const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
    const took = Math.round(performance.now() - started);
    console.error(
      `Bundled the admin in ${took} ms: first page ${kb(first)} of JavaScript, all ${kb(all)}, CSS ${
        kb(css)
      } (gzip)`,
    );
  }
}
