// Secrets among configuration keys, which are masked before they are stored or shown.

/** The mask that replaces a secret. */
export const MASK = "***";

const SECRET = /authorizationkey|passw|secret|token|apikey|privatekey|wpa|psk|key$/i;

/** Returns true if a configuration key holds a secret (lbbrhzn#899: chargers reveal theirs in GetConfiguration). */
export function isSecretKey(key: string): boolean {
  return SECRET.test(key);
}

/** Returns true if a value is the mask of a secret: if it is sent back, the secret stays unchanged. */
export function isMask(value: unknown): boolean {
  return typeof value === "string" && /^\*{3,}$/.test(value);
}

/** Returns a configuration value with secrets masked. */
export function maskValue(key: string, value: string | null): string | null {
  return value !== null && isSecretKey(key) ? MASK : value;
}
