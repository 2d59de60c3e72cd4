// Wall-clock times of a zone, for formats that have no zone of their own.

/**
 * Returns a function from a time (ms since 1970) to what the zone's clocks show then, as if it were UTC. The offset is looked
 * up once between two changes of clocks.
 */
export function localClock(time_zone: string): (at: number) => number {
  let from = NaN, to = NaN, offset = 0;
  return (at) => {
    if (!(at >= from && at < to)) {
      const zoned = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(time_zone);
      offset = zoned.offsetNanoseconds / 1e6;
      // a transition at this very time is not a previous one
      from = zoned.add({ milliseconds: 1 }).getTimeZoneTransition("previous")?.epochMilliseconds ?? -Infinity;
      to = zoned.getTimeZoneTransition("next")?.epochMilliseconds ?? Infinity;
    }
    return at + offset;
  };
}
