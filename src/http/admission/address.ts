// Addresses as they are counted and shown.

/** An address without the disguise that IPv4 has on a listener for both (`::ffff:10.0.0.7`). */
export function plainAddress(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=\d+\.)/i, "") ?? "unknown";
}
