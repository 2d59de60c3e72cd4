// Secrets among configuration keys: what is masked before it is kept or shown.

/** What stands in a secret's place. */
export const MASK = "***";

const SECRET = /authorizationkey|passw|secret|token|apikey|privatekey|wpa|psk|key$/i;

/** Whether a configuration key holds a secret (lbbrhzn#899: chargers give theirs away in GetConfiguration). */
export function isSecretKey(key: string): boolean {
  return SECRET.test(key);
}

/** Whether a value is what a form or a file shows of a secret: sent back, it means that the secret stays. */
export function isMask(value: unknown): boolean {
  return typeof value === "string" && /^\*{3,}$/.test(value);
}

/** A configuration value as it may be kept and shown. */
export function maskValue(key: string, value: string | null): string | null {
  return value !== null && isSecretKey(key) ? MASK : value;
}
