// The messages between a site and its fleet, beside batches, as JSON.

/** The version of these messages. */
export const LINK_PROTOCOL = 1;

/** The path of the fleet's websocket. */
export const LINK_PATH = "/link";

/** The site's first message: with its key, or with a one-time code and the key that it will have. */
export interface Hello {
  type: "hello";
  protocol: number;
  site_id: string;
  key: string;
  code?: string;
  /** Set with a code: the site is to be read back. "complete": only if its last gateway had sent everything. */
  restore?: "complete" | "any";
  program: string;
  schema: number;
}

/** Reasons of a refusal; the site goes on by itself in all of them. */
export type RefusalCode =
  /** The site has another key, or none here. */
  | "unknown_site"
  /** The one-time code is wrong, used or too old. */
  | "wrong_code"
  /** The last gateway of the site had more to send when it was last heard. */
  | "incomplete"
  /** Another gateway has sent as this site: a copied card, or a restored backup. */
  | "fenced"
  /** The site's program is newer than the fleet's. */
  | "newer_site"
  /** The message or the batch cannot be read. */
  | "bad_message"
  /** The fleet's database does not answer; it may do so later. */
  | "unavailable";

/** The site's request for the values behind a key, in hexadecimal; empty: from the first. */
export interface Download {
  type: "download";
  after: string;
}

/** Some values of a site, in the order of their keys. */
export interface Page {
  type: "page";
  /** Keys in hexadecimal, without the site's id, and values in base64. */
  rows: [key: string, value: string][];
  /** The last key, if there are more. */
  next: string | null;
}

/** The fleet's messages. */
export type FleetMessage =
  | { type: "welcome"; name: string }
  | { type: "ack"; id: string }
  | Page
  | { type: "refused"; code: RefusalCode; text: string };

/** Reads a message of a fleet; null: it is none. */
export function fleetMessage(data: unknown): FleetMessage | null {
  try {
    const message = JSON.parse(String(data)) as FleetMessage;
    if (message.type === "welcome" && typeof message.name === "string") return message;
    if (message.type === "ack" && typeof message.id === "string") return message;
    if (message.type === "page" && Array.isArray(message.rows)) return message;
    if (message.type === "refused" && typeof message.code === "string" && typeof message.text === "string") {
      return message;
    }
    return null;
  } catch {
    return null;
  }
}
