// Sessions: the plug, the tag, the remote start and stop.
import { wireId } from "../../../site/sessions/recovered_session.ts";
import type { Transaction } from "../../../store/store.ts";
import type { Message, StepContext } from "../step_context.ts";
import { fail, type Outcome, pass, round, type Step, text } from "../step.ts";

const PLUGGED = ["Preparing", "Charging", "SuspendedEV", "SuspendedEVSE"];

const CHARGING = ["Charging", "SuspendedEV", "SuspendedEVSE"];

const UNPLUG = {
  phase: "connector" as const,
  guided: true as const,
  needs: ["plug_in"],
  does: text("The installer takes the plug out.", "El instalador desconecta el cable."),
  judged: text(
    "A session that ran ends with a StopTransaction, and the connector becomes Available.",
    "La sesión que corría termina con un StopTransaction, y el conector queda Available.",
  ),
  hint: text(
    "See StopTransactionOnEVSideDisconnect and UnlockConnectorOnEVSideDisconnect, and whether the lock opens.",
    "Revisa StopTransactionOnEVSideDisconnect y UnlockConnectorOnEVSideDisconnect, y si el seguro abre.",
  ),
  run: unplug,
};

/** At each connector, before the measurements. */
export const BEGINNING: Step[] = [
  {
    id: "plug_in",
    phase: "connector",
    guided: true,
    name: text("Plug in", "Conectar el vehículo"),
    does: text(
      "The installer plugs a car or a tester in.",
      "El instalador conecta un vehículo o un probador.",
    ),
    judged: text("The connector reports it.", "El conector lo reporta."),
    hint: text(
      "Check cable and pilot signal; some chargers report Preparing only with a real car.",
      "Revisa el cable y la señal piloto; algunos cargadores solo reportan Preparing con un vehículo real.",
    ),
    run: plugIn,
  },
  {
    id: "tag",
    phase: "connector",
    guided: true,
    needs: ["plug_in"],
    name: text("Tag", "Tarjeta"),
    does: text("The installer holds a tag to the reader.", "El instalador acerca una tarjeta al lector."),
    judged: text("The tag is accepted and a session begins.", "La tarjeta se acepta y empieza una sesión."),
    hint: text(
      "Add the tag to the RFID table; check that the reader is on and that the charger asks the gateway.",
      "Agrega la tarjeta a la lista RFID; revisa que el lector funcione y que el cargador pregunte al gateway.",
    ),
    run: tag,
  },
  { id: "unplug", name: text("Take the plug out", "Desconectar el vehículo"), ...UNPLUG },
  {
    id: "remote_start",
    phase: "connector",
    guided: true,
    needs: ["plug_in"],
    name: text("Remote start", "Inicio remoto"),
    does: text(
      "The plug goes in again, and the gateway starts a session.",
      "Se conecta otra vez, y el gateway inicia una sesión.",
    ),
    judged: text(
      "A StartTransaction with the tag that was sent comes.",
      "Llega un StartTransaction con la tarjeta enviada.",
    ),
    hint: text(
      "With AuthorizeRemoteTxRequests the tag must be one that may charge; see also whether the charger is reserved.",
      "Con AuthorizeRemoteTxRequests la tarjeta debe estar autorizada; revisa también si está reservado.",
    ),
    run: remoteStart,
  },
];

/** At each connector, after the measurements. */
export const ENDING: Step[] = [
  {
    id: "remote_stop",
    phase: "connector",
    needs: ["remote_start"],
    in_session: true,
    name: text("Remote stop", "Paro remoto"),
    does: text("The gateway stops the session.", "El gateway detiene la sesión."),
    judged: text(
      "A StopTransaction comes whose meter is not below the start's.",
      "Llega un StopTransaction cuyo medidor no es menor que el del inicio.",
    ),
    hint: text(
      "See the StopTransaction among the frames; a charger that forgets it needs other firmware.",
      "Mira el StopTransaction entre los mensajes; si el cargador lo olvida necesita otro firmware.",
    ),
    run: remoteStop,
  },
];

/** After the lock was opened. */
export const LEAVING: Step = {
  id: "leave",
  name: text("Take the plug out", "Desconectar el vehículo"),
  ...UNPLUG,
};

async function plugIn(bench: StepContext): Promise<Outcome> {
  const status = await awaitPlug(bench);
  if (status === null) {
    return fail(text("The connector did not report it", "El conector no lo reportó"), {
      status: bench.status(),
    });
  }
  return pass(text(`The connector is ${status}`, `El conector está ${status}`), { status });
}

async function awaitPlug(bench: StepContext): Promise<string | null> {
  const plugged = () => PLUGGED.includes(bench.status()) && bench.status();
  const prompt = text(
    `Plug a car or a tester into connector ${bench.connector_id}`,
    `Conecta un vehículo o un probador en el conector ${bench.connector_id}`,
  );
  return plugged() || await bench.guided("plug_in", prompt, plugged) || null;
}

async function tag(bench: StepContext): Promise<Outcome> {
  const prompt = text(
    `Hold a tag to the reader of connector ${bench.connector_id}`,
    `Acerca una tarjeta al lector del conector ${bench.connector_id}`,
  );
  const seen = await bench.guided("tag", prompt, () => startOf(bench) ?? bench.heard("Authorize"));
  if (!seen) return fail(text("No tag was seen", "No se vio ninguna tarjeta"));
  const id_tag = String(seen.payload.idTag ?? "");
  const status = String((seen.answer.idTagInfo as { status?: unknown } | undefined)?.status ?? "");
  const figures = { id_tag, status };
  if (status !== "Accepted") {
    return fail(text(`The tag ${id_tag} is ${status}`, `La tarjeta ${id_tag} está ${status}`), figures);
  }
  const start = await bench.until(() => startOf(bench), bench.options.start_s);
  if (!start) {
    return fail(
      text("The tag was accepted, and no session began", "La tarjeta se aceptó, y no empezó ninguna sesión"),
      figures,
    );
  }
  const transaction_id = Number(start.answer.transactionId);
  return pass(text(`The tag ${id_tag} began a session`, `La tarjeta ${id_tag} inició una sesión`), {
    ...figures,
    transaction_id,
  });
}

function startOf(bench: StepContext): Message | undefined {
  return bench.heard("StartTransaction", ({ payload }) => payload.connectorId === bench.connector_id);
}

async function unplug(bench: StepContext): Promise<Outcome> {
  const session = bench.transaction();
  const prompt = text(
    `Take the plug out of connector ${bench.connector_id}`,
    `Desconecta el cable del conector ${bench.connector_id}`,
  );
  const free = await bench.guided("unplug", prompt, () => bench.status() === "Available");
  if (!free) {
    return fail(text("The connector did not become Available", "El conector no quedó Available"), {
      status: bench.status(),
    });
  }
  await bench.until(() => !bench.transaction(), bench.options.start_s);
  if (bench.transaction()) {
    return fail(
      text("The session goes on: no StopTransaction came", "La sesión sigue: no llegó StopTransaction"),
    );
  }
  const end = session ? endOf(bench, session) : {};
  return pass(text("The connector is Available", "El conector está Available"), end);
}

async function remoteStart(bench: StepContext): Promise<Outcome> {
  const status = await awaitPlug(bench);
  if (status === null) return fail(text("No car was plugged in", "No se conectó ningún vehículo"));
  const idTag = bench.options.id_tag || String(bench.parts.figure("tag", "id_tag") ?? "COMMISSION");
  const asked = bench.now();
  const answer = await bench.send("RemoteStartTransaction", { connectorId: bench.connector_id, idTag });
  if (answer.status !== "Accepted") {
    return fail(text(`The charger answered ${answer.status}`, `El cargador respondió ${answer.status}`), {
      id_tag: idTag,
    });
  }
  const start = await bench.until(() => startOf(bench), bench.options.start_s);
  if (!start) {
    return fail(text("It agreed, and no session began", "Aceptó, y no empezó ninguna sesión"), {
      id_tag: idTag,
    });
  }
  await bench.until(() => CHARGING.includes(bench.status()), bench.options.answer_s); // it knows its session then
  const figures = {
    id_tag: idTag,
    transaction_id: Number(start.answer.transactionId),
    meter_start: Number(start.payload.meterStart),
    seconds: round(Math.max(0, start.at - asked) / 1000),
  };
  if (String(start.payload.idTag).toUpperCase() !== idTag.toUpperCase()) {
    return fail(
      text(`It began with the tag ${start.payload.idTag}`, `Empezó con la tarjeta ${start.payload.idTag}`),
      figures,
    );
  }
  return pass(text("A session has begun", "Empezó una sesión"), figures);
}

async function remoteStop(bench: StepContext): Promise<Outcome> {
  const session = bench.transaction();
  if (!session) return fail(text("The session has ended by itself", "La sesión terminó por sí sola"));
  const answer = await bench.send("RemoteStopTransaction", { transactionId: wireId(session) });
  if (answer.status !== "Accepted") {
    return fail(text(`The charger answered ${answer.status}`, `El cargador respondió ${answer.status}`));
  }
  const stopped = await bench.until(
    () => !bench.transaction() && bench.heard("StopTransaction"),
    bench.options.start_s,
  );
  if (!stopped) {
    return fail(text("It agreed, and no StopTransaction came", "Aceptó, y no llegó StopTransaction"));
  }
  const figures = endOf(bench, session);
  if (Number(figures.meter_stop) < (session.meter_start ?? 0)) {
    return fail(
      text("The meter at the end is below that at the start", "El medidor al final es menor que al inicio"),
      figures,
    );
  }
  return pass(
    text(`The session ended with ${figures.energy_wh} Wh`, `La sesión terminó con ${figures.energy_wh} Wh`),
    figures,
  );
}

/** The session's figures by its StopTransaction. */
function endOf(bench: StepContext, session: Transaction): Record<string, number | string> {
  const stop = bench.heard("StopTransaction", ({ payload }) => payload.transactionId === wireId(session));
  if (!stop) return {};
  const meter_stop = Number(stop.payload.meterStop);
  return {
    meter_stop,
    energy_wh: round(meter_stop - (session.meter_start ?? 0)),
    reason: String(stop.payload.reason ?? "Local"),
  };
}
