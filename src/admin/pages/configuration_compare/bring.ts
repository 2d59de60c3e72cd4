// The writing of a configuration template to a charger.
import type { Outcome } from "../../components/outcomes.tsx";
import { messages } from "../../i18n.ts";
import type { ConfigurationTemplate, Difference } from "../../types.ts";
import { CONFIGURATION_COMPARE } from "../../../i18n/admin/configuration_compare.ts";
import { resultText } from "./compare.tsx";
import { differences, known, readFrom, write } from "./configurations.ts";

const t = messages(CONFIGURATION_COMPARE);

/** Returns what differs; a charger that was never read is read first. */
export async function differencesFrom(
  charger_id: string,
  { name }: ConfigurationTemplate,
): Promise<Difference[]> {
  if (!(await known(charger_id)).complete_at) await readFrom(charger_id);
  return await differences(charger_id, `template=${encodeURIComponent(name)}`);
}

/** Writes the keys that differ; returns the result as a line of text. */
export async function bring(
  charger_id: string,
  template: ConfigurationTemplate,
): Promise<Outcome> {
  const found = await differencesFrom(charger_id, template);
  const before = Object.fromEntries(found.map(({ key, value }) => [key, value]));
  const { results, readonly, reboot } = await write(charger_id, template.values, before);
  const fates = [...results.map(({ status }) => status), ...readonly.map(() => "readonly")];
  const text = [...new Set(fates)].map((fate) =>
    `${fates.filter((one) => one === fate).length} ${resultText(fate)}`
  );
  return {
    text: text.join(", ") || t("same"),
    bad: fates.some((fate) => !/^(Accepted|RebootRequired)$/.test(fate)),
    reboot: reboot.length > 0,
  };
}
