// The pointer on a chart: a line and a box at a time, and a part that is dragged out.
import type { Frame, Range, View } from "./chart_data.ts";
import { linesAt } from "./tooltip.ts";

/** The least width of a dragged part, CSS pixels. */
const LEAST = 8;

interface PointerOptions {
  /** Returns the chart of now. */
  drawn: () => { frame: Frame; content: View };
  colour: (name: string) => string;
  zoom: (range: Range) => void;
  reset: () => void;
}

/** Follows the pointer on an element that covers the curves. */
export function followPointer(over: HTMLElement, { drawn, colour, zoom, reset }: PointerOptions) {
  const [line, part, tip] = [added("chart-cursor"), added("chart-part"), added("chart-tip")];
  let place: number | null = null; // from the left of the curves
  let begun: number | null = null;
  function added(name: string): HTMLElement {
    const made = document.createElement("div");
    made.className = name;
    made.hidden = true;
    over.append(made);
    return made;
  }
  const show = () => {
    const { frame, content } = drawn();
    line.hidden = tip.hidden = place === null || content.data.times.length === 0;
    if (place === null || tip.hidden) return;
    const pointed = frame.timeAt(frame.left + place);
    const index = nearestIndex(content.data.times, pointed);
    tip.replaceChildren(...linesAt(content, index, { pointed, colour }));
    const wide = frame.right - frame.left;
    line.style.left = `${Math.min(wide, Math.max(0, frame.x(content.data.times[index]!) - frame.left))}px`;
    const turned = place + tip.offsetWidth + 24 > wide;
    tip.style.left = `${turned ? Math.max(0, place - tip.offsetWidth - 14) : place + 14}px`;
  };
  const select = () => {
    part.hidden = begun === null || place === null;
    if (begun === null || place === null) return;
    part.style.left = `${Math.min(begun, place)}px`;
    part.style.width = `${Math.abs(place - begun)}px`;
  };
  const hide = () => {
    place = begun = null;
    show();
    select();
  };

  over.onpointermove = over.onpointerdown = (event) => {
    const { left, width } = over.getBoundingClientRect();
    place = Math.min(width, Math.max(0, event.clientX - left));
    if (event.type === "pointerdown" && event.pointerType === "mouse" && event.button === 0) {
      begun = place;
      over.setPointerCapture(event.pointerId);
    }
    show();
    select();
  };
  over.onpointerup = () => {
    const { frame } = drawn();
    const ends = [begun ?? 0, place ?? 0].sort((a, b) => a - b) as [number, number];
    const dragged = begun !== null && ends[1] - ends[0] >= LEAST;
    begun = null;
    select();
    if (!dragged) return;
    const [from, to] = ends.map((x) => Math.round(frame.timeAt(frame.left + x))) as [number, number];
    zoom({ from, to });
  };
  over.onpointerleave = over.onpointercancel = hide;
  over.ondblclick = reset;
  return { show, hide };
}

/** Returns the place of the time that is nearest. */
function nearestIndex(times: readonly number[], at: number): number {
  const behind = times.findIndex((time) => time >= at);
  if (behind < 1) return behind < 0 ? times.length - 1 : 0;
  return at - times[behind - 1]! < times[behind]! - at ? behind - 1 : behind;
}
