// The page with the message log of a charger.
import { useState } from "preact/hooks";
import { Card, Empty, Field, PageHead } from "../components/parts.tsx";
import { messages } from "../i18n.ts";
import { chargers, ids } from "../live.ts";
import { MESSAGES } from "../../i18n/admin/messages.ts";
import { Messages } from "./charger/messages.tsx";

const t = messages(MESSAGES);

/** Shows the log of the chosen charger. */
export default function MessageLog() {
  const [chosen, setChosen] = useState("");
  const id = chosen || ids.value[0];
  return (
    <>
      <PageHead title={t("title")} text={t("text")} />
      {id === undefined
        ? (
          <Card>
            <Empty icon="log">{t("none")}</Empty>
          </Card>
        )
        : (
          <>
            <Field label={t("charger")}>
              <select value={id} onChange={(event) => setChosen(event.currentTarget.value)}>
                {ids.value.map((one) => (
                  <option key={one} value={one}>{chargers.get(one)?.value.name || one}</option>
                ))}
              </select>
            </Field>
            <Messages key={id} charger_id={id} />
          </>
        )}
    </>
  );
}
