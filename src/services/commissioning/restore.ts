// Leaving a charger as it was: sessions ended, profiles cleared, configuration and availability put back.
import { wireId } from "../../site/sessions/recovered_session.ts";
import type { Commissioning } from "../../store/store.ts";
import type { CentralSystem } from "../../central/central_system.ts";
import type { StepContext } from "./step_context.ts";
import { fail, type Outcome, pass, type Step, text } from "./step.ts";

/** Puts back what was changed; what could not be is said in the returned list, and is tried again the next time. */
export async function restore(record: Commissioning, central: CentralSystem): Promise<string[]> {
  const left: string[] = [];
  const send = sender(record, central, left);
  await endSessions(record, central, send);
  await putBack(record, send);
  await restoreAvailability(record, central, send);
  return left;
}

/** Whether something is left that can be put back at any time. */
export function isLeft({ before }: Commissioning): boolean {
  const { profiles, switched = [] } = before;
  return profiles.length > 0 || switched.length > 0 || Object.keys(before.configuration).length > 0;
}

/** Puts that back: for a charger that was away when its commissioning ended. Its sessions are its drivers' now. */
export async function restoreLate(record: Commissioning, central: CentralSystem): Promise<void> {
  const send = sender(record, central, []);
  await putBack(record, send);
  for (const id of record.before.switched ?? []) await switchBack(id, record, send);
}

function sender({ charger_id }: Commissioning, central: CentralSystem, left: string[]): Send {
  return async (what, action, payload) => {
    try {
      await central.send(charger_id, action, payload);
      return true;
    } catch {
      left.push(what);
      return false;
    }
  };
}

async function putBack({ before }: Commissioning, send: Send): Promise<void> {
  for (const id of [...before.profiles]) {
    if (await send(`profile ${id}`, "ClearChargingProfile", { id })) {
      before.profiles = before.profiles.filter((each) => each !== id);
    }
  }
  for (const [key, value] of Object.entries(before.configuration)) {
    if (await send(key, "ChangeConfiguration", { key, value })) delete before.configuration[key];
  }
}

type Send = (what: string, action: string, payload: Record<string, unknown>) => Promise<boolean>;

/** All sessions on the connectors under test are the test's: it does not begin while one runs. */
async function endSessions(
  { charger_id, connectors }: Commissioning,
  central: CentralSystem,
  send: Send,
): Promise<void> {
  const active = central.parts.store.transactions.active(charger_id);
  for (const session of active.filter(({ connector_id }) => connectors.includes(connector_id))) {
    await send(`session ${session.transaction_id}`, "RemoteStopTransaction", {
      transactionId: wireId(session),
    });
  }
}

/** What was changed, and what is otherwise than before for another reason. */
async function restoreAvailability(record: Commissioning, central: CentralSystem, send: Send): Promise<void> {
  const { charger_id, connectors, before } = record;
  const known = central.parts.store.chargers.get(charger_id)?.connectors ?? [];
  const differ = known.filter(({ connector_id, status }) =>
    connectors.includes(connector_id) &&
    before.inoperative.includes(connector_id) !== (status === "Unavailable")
  );
  const ids = [...(before.switched ?? []), ...differ.map(({ connector_id }) => connector_id)];
  for (const id of new Set(ids)) await switchBack(id, record, send);
}

async function switchBack(connector_id: number, { before }: Commissioning, send: Send): Promise<void> {
  const type = before.inoperative.includes(connector_id) ? "Inoperative" : "Operative";
  if (await send(`connector ${connector_id}`, "ChangeAvailability", { connectorId: connector_id, type })) {
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
    run: (bench) => asItWas(bench, record()),
  };
}

async function asItWas(bench: StepContext, record: Commissioning): Promise<Outcome> {
  const left = await restore(record, bench.parts.central);
  await bench.parts.keep();
  if (left.length) return fail(text("not_restored", { left: left.join(", ") }));
  const wrong = () =>
    record.connectors.filter((id) =>
      (bench.status(id) === "Unavailable") !== record.before.inoperative.includes(id)
    );
  await bench.until(() => wrong().length === 0, bench.options.start_s);
  if (wrong().length) {
    const ids = wrong().join(", ");
    return fail(
      text("connectors_changed", { ids }),
    );
  }
  return pass(text("restored"));
}
