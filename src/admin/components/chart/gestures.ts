// Two fingers zoom a chart, one moves it sideways; the page still scrolls up and down.
import type { Range } from "./chart_data.ts";

/** The least span that a chart zooms to, ms. */
const LEAST = 60_000;

/** Returns the range after fingers have moved: what was below each of them stays there. Fractions of the width, 0 to 1. */
export function movedRange({ from, to }: Range, before: readonly number[], after: readonly number[]): Range {
  const span = to - from;
  const [first, last] = [before[0]!, before.at(-1)!];
  const [first_now, last_now] = [after[0]!, after.at(-1)!];
  const apart = Math.abs(last_now - first_now);
  const scale = before.length > 1 && apart > 0.02 ? Math.abs(last - first) / apart : 1;
  const shown = Math.max(LEAST, span * scale);
  const middle = from + span * (first + last) / 2;
  const start = middle - shown * (first_now + last_now) / 2;
  return { from: Math.round(start), to: Math.round(start + shown) };
}

interface Touched {
  /** Covers the curves. */
  over: HTMLElement;
  redraw: () => void;
  /** Hides what follows the pointer. */
  hide: () => void;
}

/** Follows fingers on a chart; returns what ends it. `zoom` is called when the last one is lifted. */
export function bindGestures(
  { over, redraw, hide }: Touched,
  state: { view: Range },
  zoom: (range: Range) => void,
): () => void {
  const ending = new AbortController();
  let fingers: number[] = [];
  let began = state.view;
  const places = ({ touches }: TouchEvent) => {
    const { left, width } = over.getBoundingClientRect();
    return [...touches].map(({ clientX }) => (clientX - left) / width);
  };
  const start = (event: TouchEvent) => {
    fingers = places(event);
    began = { ...state.view };
  };
  const move = (event: TouchEvent) => {
    const now = places(event);
    if (
      now.length !== fingers.length ||
      Math.abs(now[0]! - fingers[0]!) + Math.abs(now.at(-1)! - fingers.at(-1)!) < 0.02
    ) return;
    if (event.cancelable) event.preventDefault();
    Object.assign(state.view, movedRange(began, fingers, now));
    hide();
    redraw();
  };
  const end = (event: TouchEvent) => {
    if (event.touches.length > 0) return start(event);
    if (state.view.from !== began.from || state.view.to !== began.to) zoom({ ...state.view });
    fingers = [];
  };
  const { signal } = ending;
  over.style.touchAction = "pan-y";
  over.addEventListener("touchstart", start, { signal, passive: true });
  over.addEventListener("touchmove", move, { signal, passive: false });
  over.addEventListener("touchend", end, { signal, passive: true });
  return () => ending.abort();
}
