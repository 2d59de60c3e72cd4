// Signatures of the Standard Webhooks specification (standardwebhooks.com).
import { node } from "../../node.ts";

const PREFIX = "whsec_";
const BYTES = 32; // the specification allows 24 to 64

/** Returns a new secret. */
export function newSecret(): string {
  return PREFIX + node("crypto").randomBytes(BYTES).toString("base64");
}

/** Returns the headers that sign a body. `at`: ms since 1970. */
export function signedHeaders(
  { message_id, body }: { message_id: string; body: string },
  { secret, at }: { secret: string; at: number },
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const key = node("buffer").Buffer.from(secret.slice(PREFIX.length), "base64");
  const signature = node("crypto").createHmac("sha256", key).update(`${message_id}.${timestamp}.${body}`)
    .digest("base64");
  return {
    "webhook-id": message_id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}
