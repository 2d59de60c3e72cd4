// Restoring a charger after its commissioning: sessions ended, limits cleared, configuration and availability put back.
import type { ChargerPort } from "../../site/charger_port.ts";
import type { Commissioning } from "../../store/store.ts";
import type { CommissioningDeps } from "./deps.ts";
import type { StepContext } from "./step_context.ts";
import { fail, type Outcome, pass, type Step, text } from "./step.ts";

type RestoreDeps = Pick<CommissioningDeps, "central" | "store">;

/** Undoes the changes. Returns the names of those that could not be undone; they are tried again the next time. */
export async function restore(record: Commissioning, deps: RestoreDeps): Promise<string[]> {
  const undo = new Undo(deps.central.port(record.charger_id));
  await endSessions(record, deps, undo);
  await putBack(record, undo);
  await restoreAvailability(record, deps, undo);
  return undo.left;
}

/** True where something is left that can be undone at any time. */
export function isLeft({ before }: Commissioning): boolean {
  const { profiles, switched = [] } = before;
  return profiles.length > 0 || switched.length > 0 || Object.keys(before.configuration).length > 0;
}

/** Undoes that, for a charger that was away when its commissioning ended. Its sessions now belong to drivers. */
export async function restoreLate(record: Commissioning, { central }: RestoreDeps): Promise<void> {
  const undo = new Undo(central.port(record.charger_id));
  await putBack(record, undo);
  for (const id of record.before.switched ?? []) await switchBack(id, record, undo);
}

/** Sends commands, and notes the names of those that failed. */
class Undo {
  readonly left: string[] = [];
  readonly #port: ChargerPort;

  constructor(port: ChargerPort) {
    this.#port = port;
  }

  /** Resolves with true when the charger has answered. */
  async send(name: string, command: (port: ChargerPort) => Promise<unknown>): Promise<boolean> {
    try {
      await command(this.#port);
      return true;
    } catch {
      this.left.push(name);
      return false;
    }
  }
}

async function putBack({ before }: Commissioning, undo: Undo): Promise<void> {
  for (const id of [...before.profiles]) {
    if (await undo.send(`profile ${id}`, (port) => port.clearLimits(id))) {
      before.profiles = before.profiles.filter((each) => each !== id);
    }
  }
  for (const [key, value] of Object.entries(before.configuration)) {
    if (await undo.send(key, (port) => port.writeConfiguration(key, value))) delete before.configuration[key];
  }
}

/** Ends the sessions on the tested connectors: all are the test's, since it does not begin while one runs. */
async function endSessions(
  { charger_id, connectors }: Commissioning,
  { store }: RestoreDeps,
  undo: Undo,
): Promise<void> {
  for (const { connector_id, transaction_id } of store.transactions.active(charger_id)) {
    if (!connectors.includes(connector_id)) continue;
    await undo.send(`session ${transaction_id}`, (port) => port.stopSession(transaction_id));
  }
}

/** Restores connectors that were switched, and those that differ from before for another reason. */
async function restoreAvailability(
  record: Commissioning,
  { store }: RestoreDeps,
  undo: Undo,
): Promise<void> {
  const { charger_id, connectors, before } = record;
  const known = store.chargers.get(charger_id)?.connectors ?? [];
  const differ = known.filter(({ connector_id, status }) =>
    connectors.includes(connector_id) &&
    before.inoperative.includes(connector_id) !== (status === "Unavailable")
  );
  const ids = [...(before.switched ?? []), ...differ.map(({ connector_id }) => connector_id)];
  for (const id of new Set(ids)) await switchBack(id, record, undo);
}

async function switchBack(connector_id: number, { before }: Commissioning, undo: Undo): Promise<void> {
  const operative = !before.inoperative.includes(connector_id);
  if (await undo.send(`connector ${connector_id}`, (port) => port.setAvailability(connector_id, operative))) {
    before.switched = before.switched?.filter((id) => id !== connector_id) ?? [];
  }
}

/** The last step. */
export function restoring(record: () => Commissioning): Step {
  return {
    id: "as_it_was",
    phase: "end",
    name: text("restore_name"),
    does: text("restore_does"),
    judged: text("restore_judged"),
    hint: text("restore_hint"),
    run: (context) => asItWas(context, record()),
  };
}

async function asItWas(context: StepContext, record: Commissioning): Promise<Outcome> {
  const left = await restore(record, context.deps);
  await context.deps.keep();
  if (left.length) return fail(text("not_restored", { left: left.join(", ") }));
  const wrong = () =>
    record.connectors.filter((id) =>
      (context.status(id) === "Unavailable") !== record.before.inoperative.includes(id)
    );
  await context.until(() => wrong().length === 0, context.options.start_s);
  if (wrong().length) {
    const ids = wrong().join(", ");
    return fail(
      text("connectors_changed", { ids }),
    );
  }
  return pass(text("restored"));
}
