// Records as REST shows them.
import { type ChargerView, chargerView as siteView } from "../../site/charger_view.ts";
import type { LoggedMessage } from "../../central/newest_messages.ts";
import type { Charger } from "../../store/store.ts";
import { landingUrl } from "../pages/landing_url.ts";
import type { Services } from "../services.ts";

/** A charger as REST and SSE show it (contract, chapter 3). */
export interface ChargerAnswer extends ChargerView {
  landing_url: string;
  simulated: boolean;
}

/** Returns a charger as the sender of `request` sees it. */
export function chargerView(charger: Charger, request: Request, services: Services): ChargerAnswer {
  const { central, store } = services;
  return answerOf(siteView(charger, central.state(charger.charger_id), store), request, services);
}

/** Adds what depends on the request, and on the simulators of the site. */
export function answerOf(view: ChargerView, request: Request, services: Services): ChargerAnswer {
  const { charger_id } = view;
  return {
    ...view,
    landing_url: landingUrl(services, request, charger_id),
    simulated: services.simulators.isSimulated(charger_id),
  };
}

/** A message of the log as JSON: the frame is spliced in as it came, whatever it holds; what is no JSON is given as text. */
export function entryOf({ at, direction, text }: LoggedMessage): string {
  return `{"at":"${new Date(at).toISOString()}","direction":"${direction}",${
    isJson(text) ? `"message":${text}` : `"message":null,"text":${JSON.stringify(text)}`
  }}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
