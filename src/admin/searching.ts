// The state of the search in everything, which a button of the menu opens.
import { signal } from "@preact/signals";

/** True while it is open. */
export const searching = signal(false);
