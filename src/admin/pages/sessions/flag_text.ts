// A session's flags in words.
import { hasMessage, messages } from "../../i18n.ts";
import { FLAGS } from "../../../i18n/admin/sessions.ts";

const t = messages(FLAGS);

/** What a flag means; one that is not known here stays as it is. */
export function flagText(flag: string): string {
  return hasMessage(FLAGS, flag) ? t(flag) : flag;
}
