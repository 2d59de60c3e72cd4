// One-time codes: 100 random bits, which nobody guesses, in letters that are read out without mistakes.

const LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ0123456789";
const LENGTH = 20;

/** The time for which a code can be used, ms. */
export const CODE_MS = 7 * 86_400_000;

/** Returns a new code, in groups of five. */
export function newCode(): string {
  const letters = [...crypto.getRandomValues(new Uint8Array(LENGTH))].map((byte) => LETTERS[byte % 32]!).join(
    "",
  );
  return letters.match(/.{5}/g)!.join("-");
}
