// The database of a fleet, behind one small interface.
import type { Batch } from "../store/changes/batch.ts";

/** A site as the fleet knows it. */
export interface FleetSite {
  site_id: string;
  /** Number of enrolments; none of an earlier gateway may send. */
  epoch: number;
  enrolled_at: string;
  /** The id of the last batch. */
  last_batch: string | null;
  /** Time to which the fleet has all of the site, by the site's clock, once `waiting` is 0. */
  as_of: string | null;
  /** Time of the last batch, by the fleet's clock. */
  received_at: string | null;
  /** Keys that still waited at the site. */
  waiting: number;
  schema: number | null;
  program: string | null;
  /** Time at which a batch of another gateway was refused; null: none since the enrolment. */
  fenced_at: string | null;
}

/** A stored value of a site; its key is as stored, without the site's id. */
export interface FleetValue {
  key: Uint8Array;
  value: Uint8Array;
}

/** An enrolment. */
export interface NewEnrolment {
  site_id: string;
  code_hash: string;
  key_hash: string;
  now: number;
  /** Refuses a site whose last gateway had more to send. */
  complete_only?: boolean;
}

/** The result of an enrolment; a code that was not taken can still be used. */
export type Enrolled = "enrolled" | "wrong_code" | "incomplete";

/** The result of a batch: stored, known from before, or of another gateway than the last. */
export type Applied = "stored" | "repeated" | "fenced";

/** The database as the fleet's program uses it. All of it is durable when a promise resolves. */
export interface FleetEngine {
  /** Keeps a one-time code, by its SHA-256, for one site. */
  addCode(code_hash: string, site_id: string, expires_at: number): Promise<void>;
  /** Uses a code up; a wrong, used or old one is refused. The same code with the same key is a lost answer. */
  enrol(enrolment: NewEnrolment): Promise<Enrolled>;
  /** Returns true if the key is the site's. */
  knows(site_id: string, key_hash: string): Promise<boolean>;
  /** Stores a batch and its place in the order, in one transaction. */
  apply(
    site_id: string,
    batch: Batch,
    from: { key_hash: string; program: string; now: number },
  ): Promise<Applied>;
  /** Returns all sites, by their ids. */
  sites(): Promise<FleetSite[]>;
  /** Yields the values of a site, in the order of their keys, behind `after`. */
  values(site_id: string, after?: Uint8Array): AsyncIterable<FleetValue>;
  close(): Promise<void>;
}
