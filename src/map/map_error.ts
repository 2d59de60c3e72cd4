/** The reason why a map file cannot be used: a sentence without its subject, "has no header". */
export class MapError extends Error {
  override readonly name = "MapError";
}
