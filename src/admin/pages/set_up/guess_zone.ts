// The time zone of a new site, guessed from the browser and from its place.
import { timeOf } from "../../zone.ts";

/** A position in degrees. */
interface Place {
  latitude: number;
  longitude: number;
}

/** The address of the zones' principal places, put in by the bundler. */
declare const ZONE_PLACES: string;

/** Loads the principal places of zones: `name latitude longitude;…`. */
export async function loadZonePlaces(): Promise<string> {
  return await (await fetch(ZONE_PLACES)).text();
}

/**
 * Returns the browser's zone, unless the clocks of the zone whose principal place is nearest to the site show another time;
 * then that zone.
 */
export function guessZone(browser: string, place: Place | null, zone_places: string): string {
  if (place === null || zone_places === "") return browser;
  const nearest = nearestZone(place, zone_places);
  return clocksOf(nearest).join() === clocksOf(browser).join() ? browser : nearest;
}

function nearestZone(place: Place, zone_places: string): string {
  let name = "UTC";
  let least = Infinity;
  for (const entry of zone_places.trim().split(/;\s*/)) {
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
