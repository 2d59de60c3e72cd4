// The time zone of a new site, guessed from the browser and from its place.
import { timeOf } from "../../zone.ts";
import { ZONE_PLACES } from "./zone_places.ts";

/** A position in degrees. */
interface Place {
  latitude: number;
  longitude: number;
}

/**
 * Returns the browser's zone, unless the clocks of the zone whose principal place is nearest to the site show another time;
 * then that zone.
 */
export function guessZone(browser: string, place: Place | null): string {
  if (place === null) return browser;
  const nearest = nearestZone(place);
  return clocksOf(nearest).join() === clocksOf(browser).join() ? browser : nearest;
}

function nearestZone(place: Place): string {
  let name = "UTC";
  let least = Infinity;
  for (const entry of ZONE_PLACES.trim().split(/;\s*/)) {
    const [zone, latitude, longitude] = entry.split(" ") as [string, string, string];
    const distance = angle(place, { latitude: Number(latitude), longitude: Number(longitude) });
    if (distance < least) [least, name] = [distance, zone];
  }
  return name;
}

/** Returns the noons of a day in winter and of one in summer, by which zones differ. */
function clocksOf(zone: string): number[] {
  const year = new Date().getUTCFullYear();
  return [`${year}-01-15T12:00`, `${year}-07-15T12:00`].map((noon) => timeOf(noon, zone));
}

/** Returns the angle between two positions, radians. */
function angle(a: Place, b: Place): number {
  const radians = Math.PI / 180;
  const [from, to] = [a.latitude * radians, b.latitude * radians];
  const cosine = Math.sin(from) * Math.sin(to) +
    Math.cos(from) * Math.cos(to) * Math.cos((a.longitude - b.longitude) * radians);
  return Math.acos(Math.min(1, cosine));
}
