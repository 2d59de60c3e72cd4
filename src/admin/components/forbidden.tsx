// The sentence in place of what the user's role may not see.
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";

const t = messages(SHELL);

/** The page in place of one that the user's role may not see. */
export function Forbidden() {
  return <p class="answer tone-amber" role="alert">{t("forbidden")}</p>;
}
