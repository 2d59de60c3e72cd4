// One change to the database.
import { toBytes } from "./codec.ts";

/** One change to the database: a value to set, or `null` to delete the key. */
export interface Mutation {
  key: Deno.KvKey;
  value: Uint8Array | null;
}

/** Returns the mutation that stores `record` as JSON. */
export function putMutation(key: Deno.KvKey, record: unknown): Mutation {
  return { key, value: toBytes(record) };
}

/** Returns the mutation that deletes a key. */
export function deleteMutation(key: Deno.KvKey): Mutation {
  return { key, value: null };
}
