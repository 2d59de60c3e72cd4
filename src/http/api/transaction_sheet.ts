// Sessions as a spreadsheet, with heads in the reader's language.
import { FLAGS, SESSIONS } from "../../i18n/admin/sessions.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { columnOf, type Language, lookUp, translator } from "../../i18n/messages.ts";
import type { transactionView } from "../../site/charger_state.ts";
import type { SheetColumn } from "../xlsx.ts";

/** A session as REST shows it. */
type Row = ReturnType<typeof transactionView>;

const WH_PER_KWH = 1000;

/** Returns the columns of sessions; energy is in kWh. */
export function transactionColumns(language: Language): SheetColumn<Row>[] {
  const t = translator(SESSIONS, language);
  const shell = translator(SHELL, language);
  const flags = columnOf(FLAGS, language);
  return [
    { head: t("id"), kind: "number", decimals: 0, cell: (one) => one.transaction_id },
    { head: t("charger"), kind: "text", width: 24, cell: (one) => one.charger_id },
    { head: t("connector"), kind: "number", decimals: 0, cell: (one) => one.connector_id },
    { head: t("card"), kind: "text", width: 22, cell: (one) => one.id_tag },
    { head: t("start"), kind: "time", cell: (one) => one.start_time },
    { head: t("end"), kind: "time", cell: (one) => one.stop_time },
    {
      head: `${t("energy")} (kWh)`,
      kind: "number",
      decimals: 3,
      cell: ({ energy_wh }) => energy_wh === null ? null : energy_wh / WH_PER_KWH,
    },
    { head: t("state"), kind: "text", cell: (one) => t(one.state) },
    { head: t("simulated"), kind: "text", cell: (one) => shell(one.simulated ? "yes" : "no") },
    { head: t("stop_reason"), kind: "text", width: 20, cell: (one) => one.stop_reason },
    {
      head: t("doubts"),
      kind: "text",
      width: 60,
      cell: (one) => one.flags.map((flag) => lookUp(flags, flag)).join(" "),
    },
  ];
}
