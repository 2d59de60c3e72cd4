// The words of the gateway's own alarms, in all languages at once.
import { allTexts, type Text } from "./messages.ts";
import { ALARMS } from "./services/alarms.ts";

/** Returns the text of an alarm, or a part of one, in all languages. */
export const alarmText = allTexts(ALARMS);

const SHOWN = 5;

/** Returns some of the names, and the number of the others. */
export function namesText(names: Iterable<string>): string | Text {
  const all = [...names];
  const some = all.slice(0, SHOWN).join(", ");
  return all.length > SHOWN ? alarmText("names_and_more", { names: some, n: all.length - SHOWN }) : some;
}
