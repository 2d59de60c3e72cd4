// The keys of sites at their fleet, which stores only their hashes.

/** Returns the SHA-256 of a text, in hexadecimal. */
export async function sha256(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();
}

/** Returns a new key: 256 random bits in hexadecimal. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}
