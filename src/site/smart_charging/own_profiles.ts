// The profiles that load management installs, told from those of operators by their ids.

const FAILSAFE = 2_000_000_000;
const LIVE = 2_000_001_000;
const END = 2_000_002_000;

/** Returns the id of a connector's fail-safe profile. */
export function failsafeProfileId(connector_id: number): number {
  return FAILSAFE + connector_id % 1000;
}

/** Returns the id of the profile with a connector's limit. */
export function liveProfileId(connector_id: number): number {
  return LIVE + connector_id % 1000;
}

/** Returns true for a profile of load management. */
export function isOwnProfile(profile_id: number): boolean {
  return profile_id >= FAILSAFE && profile_id < END;
}

/** Returns true for a profile that is sent again and again, and is not worth a write to the disk. */
export function isLiveProfile(profile_id: number): boolean {
  return profile_id >= LIVE && profile_id < END;
}
