// `ocpp-gateway restore --fleet URL`: a new card becomes the site again, by what its fleet has.
import { download } from "../services/fleet/download.ts";
import {
  type Enrolment,
  pendingFolder,
  readEnrolment,
  writeEnrolment,
} from "../services/fleet/fleet_file.ts";
import { sha256 } from "../store/changes/link_keys.ts";
import { removeDatabase } from "../store/file/durable_file.ts";
import { restore } from "../store/file/restore.ts";
import { ownedSite } from "../store/file/succession.ts";
import { forgetSite, noteSite } from "../store/file/site_guard.ts";
import { giveToOwner, lockDataDir } from "./data_dir.ts";

/** A site in a fleet. */
export interface FleetSource {
  url: string;
  code: string;
  site_id: string;
  incomplete: boolean;
  /** True: a gateway that is set up as another site is replaced. */
  other_site: boolean;
}

/** Replaces the database by what the fleet has of a site; this machine is the site from then on. Throws Error. */
export async function restoreFromFleet(
  source: FleetSource,
  { data_dir, path }: { data_dir: string; path: string },
): Promise<void> {
  const owned = ownedSite(path);
  if (owned !== null && owned !== source.site_id && !source.other_site) {
    throw new Error(`Cannot restore: this is site ${owned}, not ${source.site_id}; --other-site replaces it`);
  }
  const unlock = await lockDataDir({ data_dir, kv: path });
  const partial = `${path}.fleet`;
  const pending = pendingFolder(data_dir);
  try {
    const before = await readEnrolment(pending);
    const key = before?.code_hash === await sha256(source.code) ? before.key : undefined;
    const keep = (enrolment: Enrolment) => writeEnrolment(pending, enrolment);
    const count = await download(partial, { ...source, key, keep });
    const { site, kept } = await restore(partial, path, { now: Date.now(), people: "backup" });
    await forgetSite(path);
    await noteSite(path, site.site_id);
    await writeEnrolment(data_dir, (await readEnrolment(pending))!);
    await Deno.remove(pending, { recursive: true });
    await giveToOwner(data_dir, [path, `${path}.site`, `${data_dir}/fleet.json`]);
    console.log(
      `Restored site ${site.site_id} with ${count} values${
        kept ? `; the previous database is now ${kept}` : ""
      }`,
    );
    console.log(`Start it with --fleet ${source.url}; its former gateway is refused by the fleet`);
  } catch (error) {
    throw new Error(`Cannot restore: ${error instanceof Error ? error.message : error}`);
  } finally {
    await removeDatabase(partial);
    unlock();
  }
}
