// Land and borders of the map, which need no Internet: tiles that are drawn in the browser.
// @ts-types="@types/leaflet"
import * as L from "leaflet";

const TILE = 256;
const PANE = "base";
/** The map's end, as a projection on a square has it. */
const MOST_LATITUDE = 85.0511;
/** Points closer than this to the last one are left out, CSS pixels. */
const LEAST = 0.5;

/** Rings of land: differences of longitude and latitude, as integers of `scale` for a degree. */
export interface Land {
  scale: number;
  rings: number[][];
}

/** A ring on the projection's square, whose sides are 1 long. */
interface Ring {
  points: Float64Array;
  west: number;
  north: number;
  east: number;
  south: number;
}

interface Colours {
  land: string;
  border: string;
}

/** Returns the layer, below all others. A tile whose land cannot be loaded stays empty. */
export function groundLayer(map: L.Map, land: Promise<Land>, colours: Colours): L.GridLayer {
  map.createPane(PANE).style.zIndex = "150";
  const rings = land.then(({ scale, rings }) => rings.map((ring) => ringOf(ring, scale)));
  rings.catch(() => {});
  return Object.assign(L.gridLayer({ pane: PANE }), {
    createTile(at: L.Coords, done: (error: Error | undefined, tile: HTMLElement) => void) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = TILE * devicePixelRatio;
      rings.then((rings) => {
        drawTile(tile, at, { rings, colours });
        done(undefined, tile);
      }, (error) => done(error, tile));
      return tile;
    },
  });
}

/** Decodes and projects a ring. */
function ringOf(differences: readonly number[], scale: number): Ring {
  const points = new Float64Array(differences.length);
  const ring = { points, west: 1, north: 1, east: 0, south: 0 };
  let [longitude, latitude] = [0, 0];
  for (let n = 0; n < points.length; n += 2) {
    longitude += differences[n]!;
    latitude += differences[n + 1]!;
    const x = (longitude / scale + 180) / 360;
    const y = projected(latitude / scale);
    points.set([x, y], n);
    ring.west = Math.min(ring.west, x);
    ring.east = Math.max(ring.east, x);
    ring.north = Math.min(ring.north, y);
    ring.south = Math.max(ring.south, y);
  }
  return ring;
}

/** Returns a latitude's place from the north, 0 to 1. */
function projected(latitude: number): number {
  const angle = Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, latitude)) * Math.PI / 180;
  return (1 - Math.asinh(Math.tan(angle)) / Math.PI) / 2;
}

function drawTile(
  tile: HTMLCanvasElement,
  { x, y, z }: L.Coords,
  { rings, colours }: { rings: readonly Ring[]; colours: Colours },
): void {
  const count = 2 ** z;
  const ctx = tile.getContext("2d")!;
  ctx.scale(devicePixelRatio, devicePixelRatio);
  ctx.beginPath();
  for (const { points, west, north, east, south } of rings) {
    if (west * count > x + 1 || east * count < x || north * count > y + 1 || south * count < y) continue;
    let [left, top] = [Infinity, Infinity];
    for (let n = 0; n < points.length; n += 2) {
      const [to_left, to_top] = [(points[n]! * count - x) * TILE, (points[n + 1]! * count - y) * TILE];
      if (Math.abs(to_left - left) < LEAST && Math.abs(to_top - top) < LEAST) continue;
      [left, top] = [to_left, to_top];
      if (n === 0) ctx.moveTo(left, top);
      else ctx.lineTo(left, top);
    }
    ctx.closePath();
  }
  ctx.fillStyle = colours.land;
  ctx.fill("evenodd");
  ctx.strokeStyle = colours.border;
  ctx.stroke();
}
