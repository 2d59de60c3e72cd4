// The texts of a session's flags.
import { hasMessage, messages } from "../../i18n.ts";
import { FLAGS } from "../../../i18n/admin/sessions.ts";

const t = messages(FLAGS);

/** Returns the text of a flag; an unknown flag is returned as it is. */
export function flagText(flag: string): string {
  return hasMessage(FLAGS, flag) ? t(flag) : flag;
}
