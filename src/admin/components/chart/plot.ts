// Draws charts on a canvas.
import { drawAxes } from "./axes.ts";
import type { Frame, Look, PlotContent, Range, View } from "./chart_data.ts";
import { colours } from "./colours.ts";
import { drawSeries } from "./curves.ts";
import { frameOf } from "./frame.ts";
import { bindGestures } from "./gestures.ts";
import { drawLanes } from "./lanes.ts";
import { followPointer } from "./pointer.ts";

/** The chart's element and callbacks. */
export interface PlotOptions {
  height: number;
  /** Somebody has dragged or pinched another range. */
  zoom: (range: Range) => void;
  /** Somebody has clicked twice. */
  reset: () => void;
}

/** A drawn chart. */
export interface Plot {
  /** Draws other data. */
  update: (content: PlotContent) => void;
  remove: () => void;
}

/** Draws a chart that follows its element's width. */
export function draw(place: HTMLElement, first: PlotContent, { height, zoom, reset }: PlotOptions): Plot {
  const canvas = document.createElement("canvas");
  const over = document.createElement("div");
  over.className = "chart-over";
  place.append(canvas, over);
  const content: View = { ...first, view: { ...first.range } };
  const colour = colours(place);
  let frame = frameOf(place.clientWidth, height, content);
  const pointer = followPointer(over, { drawn: () => ({ frame, content }), colour, zoom, reset });
  const redraw = () => {
    if (place.clientWidth === 0) return;
    frame = frameOf(place.clientWidth, height, content);
    paint(canvas, frame, { content, colour });
    const { left, top, right, bottom } = frame;
    over.style.inset = `${top}px ${frame.width - right}px auto ${left}px`;
    over.style.height = `${bottom - top}px`;
    pointer.show();
  };
  const release = bindGestures({ over, redraw, hide: pointer.hide }, content, zoom);
  const watch = new ResizeObserver(redraw);
  watch.observe(place);
  redraw();
  return {
    update(changed) {
      Object.assign(content, changed, { view: { ...changed.range } });
      redraw();
    },
    remove() {
      release();
      watch.disconnect();
      place.replaceChildren();
    },
  };
}

/** Draws all; a pixel of the canvas is one of the screen. */
function paint(
  canvas: HTMLCanvasElement,
  frame: Frame,
  look: Look,
): void {
  const [wide, tall] = [frame.width, frame.height].map((side) => Math.round(side * devicePixelRatio));
  canvas.width = wide!;
  canvas.height = tall!;
  canvas.style.width = `${frame.width}px`;
  canvas.style.height = `${frame.height}px`;
  const ctx = canvas.getContext("2d")!;
  ctx.scale(devicePixelRatio, devicePixelRatio);
  drawLanes(ctx, frame, look);
  drawAxes(ctx, frame, look);
  drawSeries(ctx, frame, look);
}
