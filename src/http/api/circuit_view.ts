// A circuit as REST shows it.
import type { LoadManagement } from "../../services/load/load_management.ts";
import type { FeedMeters } from "../../services/load/meters/feed_meters.ts";
import type { DAYS } from "../../site/load/site_clock.ts";
import type { Circuit, ScheduledLimit, Store } from "../../store/store.ts";
import { notFound } from "../http_error.ts";

/** A scheduled limit as its schema has it. */
type Scheduled = ScheduledLimit & { days: (typeof DAYS[number])[] };

/** The parts that a view is made of. */
export interface CircuitViewDeps {
  load: LoadManagement;
  feed_meters: FeedMeters;
}

/** Returns a circuit as REST shows it. */
export function circuitView(circuit: Circuit, { load, feed_meters }: CircuitViewDeps) {
  const meter = circuit.meter as { kind: "push" } | null;
  const schedule = (circuit.schedule ?? []) as Scheduled[];
  return {
    ...circuit,
    meter,
    schedule,
    reserve_a: circuit.reserve_a ?? 0,
    ...load.circuit(circuit),
    meter_error: feed_meters.error(circuit.name),
  };
}

/** Returns a circuit. Throws HttpError 404. */
export function circuitNamed(name: string, { store }: { store: Store }): Circuit {
  const circuit = store.circuits.get(name);
  if (!circuit) throw notFound("circuit", name);
  return circuit;
}
