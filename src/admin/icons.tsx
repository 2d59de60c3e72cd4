// Icons of 24 × 24, one path each, in the colour of the text.
import type { MORE } from "./more_icons.ts";

const PATHS = {
  overview: "M4 13h6V4H4zM14 9h6V4h-6zM14 20h6v-7h-6zM4 20h6v-3H4z",
  chargers:
    "M5 21V5a2 2 0 0 1 2-2h6a2 2 0 0 1 2 2v16M3 21h14M15 11h2a2 2 0 0 1 2 2v3a1.5 1.5 0 0 0 3 0V9l-3-3M10.5 7L8 11.5h4L9.5 16",
  sessions: "M13 2L4 14h7l-1 8 9-12h-7z",
  tags:
    "M3 6a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zM7 15h3M14 9a4 4 0 0 1 0 6M16.5 7.5a7 7 0 0 1 0 9",
  map: "M9 4L3 6.5v13L9 17l6 3 6-2.5v-13L15 7zM9 4v13M15 7v13",
  simulators: "M8 3h8v4H8zM6 7h12v10a4 4 0 0 1-4 4h-4a4 4 0 0 1-4-4zM10 12h.01M14 12h.01M10 16.5h4",
  waiting: "M12 7v5l3.5 2M12 3a9 9 0 1 0 .01 0z",
  log: "M5 4h14v16H5zM8.5 9h7M8.5 12.5h7M8.5 16h4",
  events: "M3 12h4l2.5-7 5 14L17 12h4",
  users: "M9 11a4 4 0 1 0-.01 0zM2 21a7 7 0 0 1 14 0M16 3.5a4 4 0 0 1 0 7M18.5 14.5A7 7 0 0 1 22 21",
  audit: "M12 3l8 3v6c0 4.5-3.2 7.8-8 9-4.8-1.2-8-4.5-8-9V6zM8.5 12l2.5 2.5 4.5-5",
  settings: "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4M4 12h13M20 12h0M18.5 10v4",
  system: "M4 5h16v10H4zM9 20h6M12 15v5",
  api: "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 4l-3 16",
  labels: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2",
  report: "M6 3h9l4 4v14H6zM14 3v5h5M9.5 13v4M12.5 11v6M15.5 14.5V17",
  search: "M11 4a7 7 0 1 0 .01 0zM16 16l4.5 4.5",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  check: "M5 12.5l4.5 4.5L19 7.5",
  plug: "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  pause: "M9 5v14M15 5v14",
  flag: "M5 4v17M5 5h13l-3 4 3 4H5",
  stop: "M6 6h12v12H6z",
  off: "M5.6 5.6l12.8 12.8M12 3a9 9 0 1 0 .01 0z",
  fault: "M12 4L2.5 20h19zM12 10v4M12 17v.5",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  sun:
    "M12 8a4 4 0 1 0 .01 0zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3L19 19M19 5l-1.7 1.7M6.7 17.3L5 19",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  auto: "M12 3a9 9 0 1 0 .01 0zM12 3v18M12 7h6M12 12h8.5M12 17h6",
  exit: "M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9",
} as const;

const more: Record<string, string> = {};

/** Adds the icons that the first page does not use. */
export function addIcons(paths: Record<string, string>): void {
  Object.assign(more, paths);
}

/** The name of an icon. */
export type IconName = keyof typeof PATHS | keyof typeof MORE;

/** An icon. It is decoration: the text beside it carries the meaning. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name as keyof typeof PATHS] ?? more[name]} />
    </svg>
  );
}
