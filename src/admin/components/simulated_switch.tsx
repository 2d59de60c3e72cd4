// The switch that shows and sums simulated chargers and sessions, too.
import { messages } from "../i18n.ts";
import { generation } from "../live.ts";
import { kinds, with_simulated } from "../simulated.ts";
import { SHELL } from "../../i18n/admin/shell.ts";

const t = messages(SHELL);

/** The switch, where the site has both kinds or `always`; a site of simulators alone is told so. */
export function SimulatedSwitch({ always = false }: { always?: boolean }) {
  const { real, simulated } = kinds.value;
  const unknown = always && generation.value === 0; // its place is kept
  if (!real && !unknown) return simulated ? <p class="soft small">{t("only_simulated")}</p> : null;
  if (!simulated && !always && !with_simulated.value) return null;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={with_simulated.value}
        onChange={(event) => with_simulated.value = event.currentTarget.checked}
      />{" "}
      <span>{t("with_simulated")}</span>
    </label>
  );
}
