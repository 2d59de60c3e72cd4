// The site's own map: a file in the data dir, read and drawn by a worker. The file itself is the only record of it.
import { freeBytes, RESERVE } from "../../machine/disk.ts";
import type { Log } from "../../log.ts";
import type { MapDescription } from "../../map/archive.ts";
import { TileWork } from "../../map/tile_renderer.ts";
import type { Tile } from "../../map/tile_worker.ts";
import { FileStore, refuseUnwritable } from "./file_store.ts";
import { HttpError } from "../http_error.ts";
import { TileCache } from "./tile_cache.ts";

/** The map as REST shows it. */
export interface SiteMapView extends MapDescription {
  /** Changes with the file. */
  version: string;
  uploaded_at: string;
}

/** The dependencies of the site's map. */
export interface SiteMapDeps {
  data_dir: string;
  log: Log;
  /** Returns the free bytes at a path; null: unknown. */
  free?: (path: string) => number | null;
}

/** A tile by its position and its palette. */
export interface TileName {
  z: number;
  x: number;
  y: number;
  dark: boolean;
}

const FILE = "map.pmtiles";
const UPLOADED = "uploaded.pmtiles";

/** The map that an admin has uploaded. */
export class SiteMap {
  readonly #deps: SiteMapDeps;
  readonly #folder: string;
  readonly #files: FileStore;
  readonly #work: TileWork;
  readonly #tiles = new TileCache();
  readonly #asked = new Map<string, Promise<Tile | null>>();
  #known: { version: string; view: Promise<SiteMapView | null> } | null = null;
  #uploading = false;

  constructor(deps: SiteMapDeps) {
    this.#deps = deps;
    this.#folder = `${deps.data_dir.replace(/\/+$/, "")}/map`;
    this.#files = new FileStore(deps.data_dir);
    this.#work = new TileWork(this.#folder);
  }

  /** Ends the worker. */
  stop(): void {
    this.#work.stop();
  }

  /** Returns the map's description; null: no map, or one that cannot be read. */
  async view(): Promise<SiteMapView | null> {
    const file = await Deno.stat(this.#path).catch(() => null);
    if (!file?.isFile) return null;
    const changed = file.mtime ?? new Date(0);
    const version = `${changed.getTime().toString(36)}-${file.size.toString(36)}`;
    if (this.#known?.version !== version) {
      this.#tiles.clear();
      this.#known = { version, view: this.#look(version, changed) };
    }
    return await this.#known.view;
  }

  /** Returns a tile's picture; null: the map has none there. */
  async tile(name: TileName, { version }: SiteMapView): Promise<Tile | null> {
    const key = `${version} ${name.z}/${name.x}/${name.y}${name.dark ? " dark" : ""}`;
    const kept = this.#tiles.get(key);
    if (kept !== undefined) return kept;
    const asked = this.#asked.get(key) ??
      this.#draw(key, name, version).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return await asked;
  }

  /** Replaces the map by an uploaded one. Throws HttpError, and keeps the old one. */
  async save(body: ReadableStream<Uint8Array> | null, size: number): Promise<void> {
    if (this.#uploading) throw new HttpError("state_forbids", "Another map is being uploaded");
    this.#uploading = true;
    try {
      await this.#sweep();
      const max = this.#room();
      if (size > max) throw tooLarge(max);
      await this.#files.save(body, { directory: this.#folder, name: UPLOADED, max });
      await this.#check(`${this.#folder}/${UPLOADED}`);
      await Deno.rename(`${this.#folder}/${UPLOADED}`, this.#path);
    } finally {
      await this.#sweep();
      this.#uploading = false;
    }
  }

  async remove(): Promise<void> {
    await this.#files.remove(this.#path);
  }

  /** Returns the file as a download. Throws HttpError 404 and 416. */
  download(range: string | undefined): Promise<Response> {
    return this.#files.response(this.#path, FILE, range);
  }

  get #path(): string {
    return `${this.#folder}/${FILE}`;
  }

  async #look(version: string, changed: Date): Promise<SiteMapView | null> {
    const { failure, description } = await this.#work.ask({ work: "describe", path: this.#path });
    if (description) return { ...description, version, uploaded_at: changed.toISOString() };
    if (failure !== null) this.#deps.log.warn("Cannot use the site's map", { error: `The file ${failure}` });
    return null;
  }

  async #draw(key: string, { z, x, y, dark }: TileName, version: string): Promise<Tile | null> {
    const path = this.#path;
    const { failure, tile } = await this.#work.ask({ work: "tile", path, version, z, x, y, dark });
    if (failure !== null) {
      const error = `The map ${failure}`;
      this.#deps.log.warn("Cannot render a tile of the site's map", { tile: `${z}/${x}/${y}`, error });
    }
    if (failure !== null || tile !== undefined) this.#tiles.keep(key, tile ?? null);
    return tile ?? null;
  }

  /** Checks an uploaded file. Throws HttpError 400 with the reason. */
  async #check(path: string): Promise<void> {
    const { failure } = await this.#work.ask({ work: "describe", path });
    if (failure !== null) throw new HttpError("invalid_file", `The map ${failure}`);
  }

  /** Deletes the remains of an interrupted upload. */
  async #sweep(): Promise<void> {
    await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 }).catch(refuseUnwritable);
    for await (const { name } of Deno.readDir(this.#folder)) {
      if (name.startsWith(UPLOADED)) await this.#files.remove(`${this.#folder}/${name}`);
    }
  }

  #room(): number {
    const free = (this.#deps.free ?? freeBytes)(this.#folder);
    return free === null ? RESERVE : Math.max(0, free - RESERVE);
  }
}

function tooLarge(max: number): HttpError {
  return new HttpError(
    "body_too_large",
    `The map is larger than the ${Math.floor(max / 1e6)} MB that the disk has room for`,
  );
}
