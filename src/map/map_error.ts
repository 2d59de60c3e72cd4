/** A map file that cannot be used; the message is the predicate of a sentence, such as "has no header". */
export class MapError extends Error {
  override readonly name = "MapError";
}
