// What the gateway does to the charger outside sessions: unlock, availability, reset.
import type { StepContext } from "../step_context.ts";
import { fail, type Outcome, pass, round, skip, type Step, text } from "../step.ts";

/** After the session, before the plug is taken out. */
export const UNLOCK: Step = {
  id: "unlock",
  phase: "connector",
  needs: ["plug_in"],
  name: text("Unlock", "Liberar el seguro"),
  does: text("The gateway opens the connector's lock.", "El gateway abre el seguro del conector."),
  judged: text("The charger says that it is unlocked.", "El cargador dice que está abierto."),
  hint: text("Check the lock; a fixed cable has none.", "Revisa el seguro; un cable fijo no tiene."),
  run: unlock,
};

/** When the plug is out. */
export const AVAILABILITY: Step = {
  id: "availability",
  phase: "connector",
  name: text("Availability", "Disponibilidad"),
  does: text(
    "The gateway takes the connector out of service and back.",
    "El gateway saca de servicio el conector y lo regresa.",
  ),
  judged: text("It reports Unavailable, and then no more.", "Reporta Unavailable, y después ya no."),
  hint: text("Try again with the plug out.", "Intenta otra vez sin vehículo conectado."),
  run: availability,
};

/** At the end. */
export const RESET: Step = {
  id: "reset",
  phase: "end",
  name: text("Restart", "Reinicio"),
  does: text("The gateway restarts the charger.", "El gateway reinicia el cargador."),
  judged: text(
    "It comes back with a BootNotification and reports all its connectors.",
    "Regresa con un BootNotification y reporta todos sus conectores.",
  ),
  hint: text(
    "See whether it comes back by hand; a hard reset may do where a soft one does not.",
    "Ve si regresa a mano; un reinicio Hard puede servir donde uno Soft no.",
  ),
  run: reset,
};

async function unlock(bench: StepContext): Promise<Outcome> {
  const { status } = await bench.send("UnlockConnector", { connectorId: bench.connector_id });
  if (status === "Unlocked") return pass(text("It is unlocked", "Está abierto"));
  if (status === "NotSupported") return skip(text("It has no lock", "No tiene seguro"));
  return fail(text(`The charger answered ${status}`, `El cargador respondió ${status}`));
}

async function availability(bench: StepContext): Promise<Outcome> {
  const { before, keep } = bench.parts;
  const others = before.switched?.filter((id) => id !== bench.connector_id) ?? [];
  before.switched = [...others, bench.connector_id];
  await keep();
  const out = await change(bench, "Inoperative", () => bench.status() === "Unavailable");
  if (out) return out;
  const back = await change(bench, "Operative", () => bench.status() !== "Unavailable");
  return back ??
    pass(text("It went out of service and came back", "Salió de servicio y regresó"), {
      status: bench.status(),
    });
}

async function change(bench: StepContext, type: string, reached: () => boolean): Promise<Outcome | null> {
  const { status } = await bench.send("ChangeAvailability", { connectorId: bench.connector_id, type });
  if (status === "Rejected") return fail(text(`The charger refuses ${type}`, `El cargador rechaza ${type}`));
  if (await bench.until(reached, bench.options.start_s)) return null;
  return fail(
    text(`It agreed to ${type}, and is ${bench.status()}`, `Aceptó ${type}, y está ${bench.status()}`),
    { status: bench.status() },
  );
}

async function reset(bench: StepContext): Promise<Outcome> {
  const asked = bench.now();
  const { status } = await bench.send("Reset", { type: bench.options.reset });
  if (status !== "Accepted") {
    return fail(text(`The charger answered ${status}`, `El cargador respondió ${status}`));
  }
  const boot = await bench.until(() => bench.heard("BootNotification"), bench.options.return_s);
  if (!boot) return fail(text("It did not come back", "No regresó"));
  const seconds = round(Math.max(0, boot.at - asked) / 1000);
  const silent = () =>
    bench.connectors().filter(({ connector_id }) =>
      !bench.heard("StatusNotification", ({ payload }) => payload.connectorId === connector_id)
    );
  await bench.until(() => silent().length === 0, bench.options.start_s);
  if (silent().length > 0) {
    const ids = silent().map(({ connector_id }) => connector_id).join(", ");
    return fail(text(`Connectors that did not report: ${ids}`, `Conectores que no reportaron: ${ids}`), {
      seconds,
    });
  }
  return pass(text(`It came back after ${seconds} s`, `Regresó a los ${seconds} s`), { seconds });
}
