// What can be seen without touching the charger: its line, its registration, its configuration, its clock.
import { readTime } from "../../../ocpp/time.ts";
import type { Message, StepContext } from "../step_context.ts";
import { fail, type Outcome, pass, round, skip, type Step, text } from "../step.ts";

const ESSENTIAL = [
  "NumberOfConnectors",
  "MeterValueSampleInterval",
  "MeterValuesSampledData",
  "SupportedFeatureProfiles",
];

/** At the beginning. */
export const CONNECTION: Step[] = [
  {
    id: "connection",
    phase: "begin",
    name: text("Connection and security", "Conexión y seguridad"),
    does: text("Looks how the charger is connected.", "Revisa cómo está conectado el cargador."),
    judged: text(
      "TLS and password are at least what the site and this test ask for.",
      "TLS y contraseña son al menos lo que piden el sitio y esta prueba.",
    ),
    hint: text(
      "Set a password on the charger's page; for TLS give the gateway a certificate and the charger its wss:// address.",
      "Pon una contraseña en la página del cargador; para TLS dale un certificado al gateway y al cargador su dirección wss://.",
    ),
    run: connection,
  },
  {
    id: "boot",
    phase: "begin",
    name: text("Registration", "Registro"),
    does: text(
      "Looks at the charger's last BootNotification.",
      "Revisa el último BootNotification del cargador.",
    ),
    judged: text(
      "It was accepted, and names vendor and model.",
      "Fue aceptado, y dice la marca y el modelo.",
    ),
    hint: text("Restart the charger while it is connected.", "Reinicia el cargador mientras está conectado."),
    run: boot,
  },
  {
    id: "configuration",
    phase: "begin",
    name: text("Configuration", "Configuración"),
    does: text("Reads all configuration keys.", "Lee todas las claves de configuración."),
    judged: text(
      `${ESSENTIAL.join(", ")} are there, and as many connectors as have reported.`,
      `Están ${ESSENTIAL.join(", ")}, y hay tantos conectores como se han reportado.`,
    ),
    hint: text(
      "Look at the Configuration tab; check the charger's set-up for the number of connectors.",
      "Mira la pestaña Configuración; revisa en el cargador el número de conectores.",
    ),
    run: configuration,
  },
  {
    id: "clock",
    phase: "begin",
    name: text("Clock", "Reloj"),
    does: text("Has the charger send a message with its time.", "Pide al cargador un mensaje con su hora."),
    judged: text("Its time differs little from ours.", "Su hora difiere poco de la nuestra."),
    hint: text(
      "Chargers set their clock by Heartbeat and BootNotification: restart it, and check NTP and time zone in its set-up.",
      "Los cargadores ponen su reloj con Heartbeat y BootNotification: reinícialo, y revisa NTP y zona horaria.",
    ),
    run: clock,
  },
];

function connection(bench: StepContext): Promise<Outcome> {
  const { central } = bench.parts;
  const { base_url } = central.state(bench.charger_id);
  const tls = base_url?.startsWith("https:") ?? false;
  const password = bench.charger?.password != null;
  const certificate = tls && bench.charger?.security_profile === 3;
  const profile = certificate ? 3 : !password ? 0 : tls ? 2 : 1;
  const wanted = Math.max(bench.options.security_profile, central.parts.store.settings.min_security_profile);
  const figures = {
    security_profile: profile,
    tls: tls ? "yes" : "no",
    auth: certificate ? "certificate" : password ? "password" : "none",
    address: bench.charger?.remote_address,
  };
  if (!bench.connected) {
    return Promise.resolve(fail(text("It is not connected", "No está conectado"), figures));
  }
  if (profile < wanted) {
    return Promise.resolve(fail(
      text(
        `Its security profile is ${profile}, not ${wanted}`,
        `Su perfil de seguridad es ${profile}, no ${wanted}`,
      ),
      figures,
    ));
  }
  const open = text(
    "It is connected without password: whoever is on the network can claim to be this charger",
    "Está conectado sin contraseña: cualquiera en la red puede hacerse pasar por este cargador",
  );
  const good = text(
    `It is connected with security profile ${profile}`,
    `Está conectado con el perfil de seguridad ${profile}`,
  );
  return Promise.resolve(pass(profile === 0 ? open : good, figures));
}

function boot(bench: StepContext): Promise<Outcome> {
  const { vendor, model, serial_number, firmware_version, booted_at, registration } = bench.charger!;
  const figures = { vendor, model, serial_number, firmware_version, booted_at };
  if (!booted_at || registration !== "Accepted") {
    return Promise.resolve(
      fail(
        text("No BootNotification of it was accepted", "No se ha aceptado ningún BootNotification suyo"),
        figures,
      ),
    );
  }
  if (!vendor || !model) {
    return Promise.resolve(fail(text("It does not say vendor and model", "No dice marca y modelo"), figures));
  }
  return Promise.resolve(pass(text(`It is a ${vendor} ${model}`, `Es un ${vendor} ${model}`), figures));
}

async function configuration(bench: StepContext): Promise<Outcome> {
  await bench.send("GetConfiguration", {});
  const keys = await bench.keys();
  const missing = ESSENTIAL.filter((name) =>
    !keys.some(({ key }) => key.toLowerCase() === name.toLowerCase())
  );
  const told = Number(await bench.key("NumberOfConnectors"));
  const figures = {
    keys: keys.length,
    connectors: told,
    profiles: await bench.key("SupportedFeatureProfiles"),
    missing: missing.join(", ") || null,
  };
  if (missing.length) {
    return fail(
      text(`Keys are missing: ${missing.join(", ")}`, `Faltan claves: ${missing.join(", ")}`),
      figures,
    );
  }
  const reported = bench.connectors().length;
  if (told !== reported) {
    return fail(
      text(
        `It has ${told} connectors and has reported ${reported}`,
        `Tiene ${told} conectores y ha reportado ${reported}`,
      ),
      figures,
    );
  }
  return pass(text(`${keys.length} keys were read`, `Se leyeron ${keys.length} claves`), figures);
}

async function clock(bench: StepContext): Promise<Outcome> {
  const message = await timedMessage(bench);
  if (!message) return skip(text("It sends no message with its time", "No manda ningún mensaje con su hora"));
  const told = String(timestampOf(message));
  const drift_s = round((readTime(told) - message.at) / 1000);
  const figures = { told, drift_s: Number.isNaN(drift_s) ? null : drift_s };
  if (Number.isNaN(drift_s)) {
    return fail(text(`Its clock is not set: ${told}`, `Su reloj no está puesto: ${told}`), figures);
  }
  if (Math.abs(drift_s) > bench.options.max_drift_s) {
    return fail(text(`Its clock is off by ${drift_s} s`, `Su reloj está desviado ${drift_s} s`), figures);
  }
  return pass(
    text(`Its clock is off by ${drift_s} s only`, `Su reloj está desviado solo ${drift_s} s`),
    figures,
  );
}

async function timedMessage(bench: StepContext): Promise<Message | undefined> {
  const connectorId = bench.connectors()[0]?.connector_id ?? 1;
  for (const requestedMessage of ["StatusNotification", "MeterValues"]) {
    const from = bench.messages.length;
    const { status } = await bench.send("TriggerMessage", { requestedMessage, connectorId });
    if (status !== "Accepted") continue;
    const timed = () => bench.messages.slice(from).find((message) => timestampOf(message) !== undefined);
    const message = await bench.until(timed, bench.options.answer_s);
    if (message) return message;
  }
}

function timestampOf({ action, payload }: Message): unknown {
  if (action === "StatusNotification") return payload.timestamp;
  if (action === "MeterValues") {
    return (payload.meterValue as { timestamp?: unknown }[] | undefined)?.[0]?.timestamp;
  }
}
