// The night: the hour for work that nobody is to notice.

/** Hour of the day in the system's time zone. */
export const NIGHT = 3;

/** Returns the first moment at or after `from` that is in a night and not before `now`, ms since 1970. */
export function nightFrom(from: number, now: number): number {
  const night = new Date(Math.max(from, now));
  if (night.getHours() === NIGHT) return night.getTime();
  if (night.getHours() > NIGHT) night.setDate(night.getDate() + 1);
  return night.setHours(NIGHT, 0, 0, 0);
}
