// The OCPP messages of one charger, which the address names.
import { useLocation } from "preact-iso/router";
import { Card, Empty, Field } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import { chargers, ids } from "../../live.ts";
import { MESSAGES } from "../../../i18n/admin/messages.ts";
import { Messages } from "../charger/messages.tsx";

const t = messages(MESSAGES);

/** Shows the messages of the charger that is chosen. */
export function MessageLog() {
  const { query, path, route } = useLocation();
  const id = query.charger || ids.value[0];
  if (id === undefined) {
    return (
      <Card>
        <Empty icon="log">{t("none")}</Empty>
      </Card>
    );
  }
  const choose = (charger: string) => route(`${path}?${new URLSearchParams({ charger })}`, true);
  return (
    <>
      <p class="soft">{t("text")}</p>
      <Field label={t("charger")}>
        <select value={id} onChange={(event) => choose(event.currentTarget.value)}>
          {ids.value.map((one) => (
            <option key={one} value={one}>{chargers.get(one)?.value.name || one}</option>
          ))}
        </select>
      </Field>
      <Messages key={id} charger_id={id} />
    </>
  );
}
