// What the landing page says, in the driver's language.

/** A language of the landing page. */
export type Language = "en" | "es";

const EN = {
  connector: "Connector",
  charger: "Charger",
  connected_now: "Live",
  power: "Power",
  energy: "Energy",
  duration: "Duration",
  how: "How to charge",
  tap_1: "Plug the cable into your car.",
  tap_2: "Hold your card against the reader of the charger.",
  tap_3: "To stop, hold the same card against it again, then unplug.",
  free_1: "Plug the cable into your car.",
  free_2: "Charging starts by itself: no card is needed.",
  free_3: "To stop, end it in your car, then unplug.",
  old: "The charger is out of touch. What you see here is from",
  never: "The charger has not reported yet.",
  closed: "This charger is not in service yet.",
  help: "Help",
  call: "Call",
  lost: "No connection to the site. Trying again…",
  not_found: "There is no such charger",
  not_found_text: "Check the code on the label, or ask on site.",
  fault: "Please use another connector, or call for help.",
};

const ES: typeof EN = {
  connector: "Conector",
  charger: "Cargador",
  connected_now: "En vivo",
  power: "Potencia",
  energy: "Energía",
  duration: "Duración",
  how: "Cómo cargar",
  tap_1: "Conecta el cable a tu auto.",
  tap_2: "Acerca tu tarjeta al lector del cargador.",
  tap_3: "Para terminar, acerca la misma tarjeta y desconecta el cable.",
  free_1: "Conecta el cable a tu auto.",
  free_2: "La carga empieza sola: no necesitas tarjeta.",
  free_3: "Para terminar, detén la carga en tu auto y desconecta el cable.",
  old: "El cargador no responde. Lo que ves aquí es de",
  never: "El cargador aún no ha enviado datos.",
  closed: "Este cargador todavía no está en servicio.",
  help: "Ayuda",
  call: "Llamar",
  lost: "Sin conexión con el sitio. Reintentando…",
  not_found: "Este cargador no existe",
  not_found_text: "Revisa el código de la etiqueta o pregunta en el sitio.",
  fault: "Usa otro conector o pide ayuda.",
};

const STATES: Record<string, Record<Language, string>> = {
  Available: { en: "Available", es: "Disponible" },
  Preparing: { en: "Getting ready", es: "Preparando" },
  Charging: { en: "Charging", es: "Cargando" },
  SuspendedEVSE: { en: "Paused by the charger", es: "En pausa por el cargador" },
  SuspendedEV: { en: "Paused by the car", es: "En pausa por el auto" },
  Finishing: { en: "Finished: please unplug", es: "Terminó: desconecta el cable" },
  Reserved: { en: "Reserved", es: "Reservado" },
  Unavailable: { en: "Out of service", es: "Fuera de servicio" },
  Faulted: { en: "Faulted", es: "Con falla" },
};

/** The words of a language. */
export function wordsOf(language: Language): typeof EN {
  return language === "es" ? ES : EN;
}

/** A connector's state for a driver; a state that OCPP does not know is shown as it came. */
export function stateWord(status: string, language: Language): string {
  return STATES[status]?.[language] ?? status;
}

/** The browser's favourite of our languages; `fallback` when it wants neither. */
export function languageOf(accept: string | null, fallback: Language = "en"): Language {
  const wanted = (accept ?? "").split(",").map((part) => {
    const [tag = "", quality] = part.trim().toLowerCase().split(/;\s*q=/);
    return { tag: tag.slice(0, 2), quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
  const best = wanted.filter(({ tag, quality }) => quality > 0 && (tag === "es" || tag === "en"));
  best.sort((a, b) => b.quality - a.quality);
  return best[0] ? best[0].tag as Language : fallback;
}
