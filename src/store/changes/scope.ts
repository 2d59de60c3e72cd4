// The tables that stay at a site: those of this machine, or of this moment. All others are sent to its fleet.

/** The names of the tables that stay, by their names in the database. */
const STAYS = new Set([
  "change", // the list of what is to be sent
  "change_state",
  "session", // login sessions
  "file_token",
  "redo", // writes that are not in their tables yet
  "journal", // readings of the last minutes; they are sent as chunks
  "outbox", // messages to this site's own receivers
  "writer", // the lease of a site on a server
  "writer_alive",
]);

/** Returns true for a key, without the site's id, that is not sent to a fleet. */
export function staysAtSite(rest: readonly unknown[]): boolean {
  return STAYS.has(String(rest[0]));
}
