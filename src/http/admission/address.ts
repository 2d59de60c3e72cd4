// Network addresses, as they are counted and shown.

/** Returns an address, IPv4 in its own notation also from a dual-stack listener (`::ffff:10.0.0.7`). */
export function plainAddress(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=\d+\.)/i, "") ?? "unknown";
}
