// A session's flags in words.
import { hasWord, words } from "../../i18n.ts";
import { FLAGS } from "../../words/sessions.ts";

const t = words(FLAGS);

/** What a flag means; one that is not known here stays as it is. */
export function flagWords(flag: string): string {
  return hasWord(FLAGS, flag) ? t(flag) : flag;
}
