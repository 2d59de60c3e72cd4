// What a charger holds by OCPP: reservations, limits, jobs, cards, files.
import { call, can, chargerPath } from "../../api.ts";
import { DeedButton } from "../../components/deed.tsx";
import { OrderButton } from "../../components/order_button.tsx";
import { number, when } from "../../format.ts";
import { words } from "../../i18n.ts";
import type { ChargerView, LocalList } from "../../types.ts";
import { HELD } from "../../words/held.ts";
import { HeldList } from "../held/held_list.tsx";
import { Jobs, Limits, Reservations } from "../held/lists.tsx";

const t = words(HELD);

interface Of {
  charger: ChargerView;
}

const LISTS = [Reservations, Limits, Jobs, Cards];

/** The tab. */
export function OcppTab({ charger }: Of) {
  return (
    <>
      {LISTS.map((List) => <List key={List} charger={charger} />)}
      {can("operator") && <Files charger={charger} />}
    </>
  );
}

/** The cards that the charger knows by itself. */
function Cards({ charger }: Of) {
  return (
    <HeldList<[tag: string, info: string]>
      charger={charger}
      name="local_list"
      types={["local_list"]}
      rowsOf={({ tags }) => Object.entries(tags as LocalList["tags"])}
      keyOf={([tag]) => tag}
      head={(body) => <p class="pad">{listText(body as unknown as LocalList)}</p>}
      side={
        <OrderButton
          charger_id={charger.charger_id}
          action="send_local_list"
          payloads={[{ updateType: "Full" }]}
          label={t("send_list")}
          icon="upload"
        />
      }
      columns={{
        card: ([tag]) => <code>{tag}</code>,
        state: ([, info]) => t(info === "" ? "Accepted" : JSON.parse(info).status),
      }}
    />
  );
}

function listText({ supported, known, version, tags, updated_at }: LocalList): string {
  if (!supported) return t("list_unsupported");
  if (!updated_at) return t("list_never");
  const text = t("list_now", { version, n: Object.keys(tags).length, at: when(updated_at) });
  return known ? text : `${text} ${t("list_unknown")}`;
}

/** What the charger has uploaded. */
function Files({ charger }: Of) {
  const pathOf = (name: string) => `${chargerPath(charger.charger_id)}files/${encodeURIComponent(name)}`;
  return (
    <HeldList<{ name: string; size: number; at: string }>
      charger={charger}
      name="files"
      types={["file", "file_deleted"]}
      keyOf={(row) => row.name}
      columns={{
        file: ({ name }) => <a href={pathOf(name)} download={name}>{name}</a>,
        size: (row) => `${number(row.size / 1000, 1)} kB`,
        when: (row) => when(row.at),
        "": ({ name }) => (
          <DeedButton
            label={t("delete")}
            of={name}
            ask={t("delete_ask", { name })}
            run={() => call("DELETE", pathOf(name))}
          />
        ),
      }}
    />
  );
}
