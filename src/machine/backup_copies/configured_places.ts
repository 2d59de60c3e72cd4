// The places for copies of backups that the configuration and the settings name.
import type { Settings } from "../../store/settings.ts";
import { readSecret } from "../../store/file/secret_file.ts";
import type { CopyPlace } from "./copy_place.ts";
import { folderPlace } from "./folder_place.ts";
import { s3Place } from "./s3_place.ts";

/** The configuration of the copies. */
export interface CopyConfiguration {
  data_dir: string;
  site_id: string;
  /** A mounted folder; null: none. */
  folder: string | null;
  /** The S3 secret key in the process's configuration; null: none. */
  s3_secret_key: string | null;
  settings: Settings;
}

/** Returns the places. One whose settings are incomplete fails at each use with the reason. */
export async function configuredPlaces(configuration: CopyConfiguration): Promise<CopyPlace[]> {
  const { data_dir, site_id, folder, s3_secret_key: configured, settings } = configuration;
  const places: CopyPlace[] = [];
  if (folder !== null) places.push(folderPlace({ folder, site_id, data_dir }));
  if (settings.backup_s3_url === "") return places;
  const { secret } = await readSecret("backup_s3_secret_key", { data_dir, configured });
  const { backup_s3_url: url, backup_s3_region: region, backup_s3_access_key: access_key } = settings;
  if (secret === null || access_key === "") return [...places, incomplete(url)];
  return [...places, s3Place({ url, region, access_key, secret_key: secret, site_id })];
}

function incomplete(target: string): CopyPlace {
  const fail = () => Promise.reject(new Error("the access key or the secret key is not set"));
  return { kind: "s3", target, list: fail, put: fail, remove: fail };
}
