// The signature of a firmware file (security white paper §3).
import { Buffer } from "node:buffer";
import { constants, type KeyObject, verify } from "node:crypto";

/**
 * Returns true if `signature` (base64) is that of `bytes` by the owner of `key`, over SHA-256: RSA-PSS as in the white paper,
 * PKCS#1 as in OCA's test tool, or ECDSA.
 */
export function isSignedBy(bytes: Uint8Array, signature: string, key: KeyObject): boolean {
  const blob = Buffer.from(signature, "base64");
  const paddings = key.asymmetricKeyType === "rsa"
    ? [constants.RSA_PKCS1_PSS_PADDING, constants.RSA_PKCS1_PADDING]
    : [undefined];
  return paddings.some((padding) => {
    try {
      return verify("sha256", bytes, padding === undefined ? key : { key, padding }, blob);
    } catch {
      return false;
    }
  });
}
