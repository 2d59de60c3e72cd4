// A refusal of the gateway, and its way from a dialog to the field that it is about.
import { createContext } from "preact";

/** A refused form: the field's name in the request, empty if it names none, and the sentence. */
export interface Refusal {
  field: string;
  text: string;
}

/** The refusal of the surrounding dialog. */
export const DialogRefusal = createContext<Refusal | null>(null);
