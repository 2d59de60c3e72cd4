// Run by map_test.ts with a small heap: describes hostile maps and draws their tiles, as the gateway does.
import { TileWork } from "../../src/map/tile_renderer.ts";
import { hostileMaps } from "./hostile_maps.ts";

/** The result of a hostile file. */
export interface Probe {
  name: string;
  upload: string | null;
  tile: string | null;
  /** Duration, ms. */
  took_ms: number;
}

if (import.meta.main) {
  const folder = Deno.args[0]!;
  const work = new TileWork(folder);
  for (const { name, bytes } of hostileMaps()) {
    const path = `${folder}/map`;
    await Deno.writeFile(path, bytes());
    const started = performance.now();
    const { failure: upload } = await work.ask({ work: "describe", path });
    const of = { path, version: name, x: 0, y: 0, dark: false };
    const { failure: tile } = await work.ask({ work: "tile", ...of, z: 14 });
    // at the zoom at which streets are largest and have names
    await work.ask({ work: "tile", ...of, z: 18 });
    console.log(JSON.stringify({ name, upload, tile, took_ms: performance.now() - started } satisfies Probe));
  }
  work.stop();
}
