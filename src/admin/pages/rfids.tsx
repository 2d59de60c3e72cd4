// People and their cards.
import { useEffect, useMemo, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { at, authHeaders, can, get, getAll } from "../api.ts";
import { attempt, saveFile, Search } from "../components/inputs.tsx";
import { Card, Empty, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { generation, onLive } from "../live.ts";
import { simulatedSums } from "../simulated.ts";
import type { Rfid } from "../types.ts";
import { RFIDS } from "../../i18n/admin/rfids.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { EnrolDialog } from "./rfids/enrol.tsx";
import { ImportDialog } from "./rfids/import.tsx";
import { peopleOf, peopleWith, type Person } from "./rfids/people.ts";
import { PersonRow } from "./rfids/person_row.tsx";
import { RfidDialog } from "./rfids/dialogs.tsx";

const shell = messages(SHELL);
const t = messages(RFIDS);

const SHOWN = 200; // people

type Open =
  | { kind: "edit"; rfid: Rfid }
  | { kind: "add"; tag?: string; label?: string }
  | { kind: "enrol" }
  | { kind: "import" };

/** Shows the cards. */
export default function Rfids() {
  const { value, loading, error, again } = useLoad(() => getAll("/ocpp/rfids/", {}, 100_000), [
    generation.value,
  ]);
  const { query, route } = useLocation();
  const text = query.find ?? "";
  const setText = (find: string) => route(`/admin/rfids?${new URLSearchParams(find ? { find } : {})}`, true);
  const [open, setOpen] = useState<Open | null>(query.add && can("operator") ? { kind: "add" } : null);
  useEffect(() => onLive(({ type }) => (type === "rfid" || type === "rfid_deleted") && again()), []);
  const all = value ?? [];
  const people = useMemo(() => peopleOf(all), [value]);
  const found = peopleWith(text, people);
  const close = () => {
    setOpen(null);
    again();
  };
  return (
    <>
      <PageHead
        title={t("title")}
        text={value && countOf(people)}
      >
        <button type="button" class="btn" onClick={() => void attempt(saveCsv)}>
          <Icon name="download" size={18} /> {t("export")}
        </button>
        {can("operator") && (
          <>
            <button type="button" class="btn" onClick={() => setOpen({ kind: "import" })}>
              <Icon name="upload" size={18} /> {t("import")}
            </button>
            <button type="button" class="btn" onClick={() => setOpen({ kind: "enrol" })}>
              <Icon name="tags" size={18} /> {t("enrol")}
            </button>
            <button type="button" class="btn primary" onClick={() => setOpen({ kind: "add" })}>
              <Icon name="plus" size={18} /> {t("add")}
            </button>
          </>
        )}
      </PageHead>
      <Search value={text} set={setText} />
      <Card flush>
        {value && found.length === 0
          ? <Empty icon="tags">{t("none")}</Empty>
          : <Table found={found} open={setOpen} again={again} />}
        <LoadState loading={loading && !value} error={error} />
      </Card>
      {open?.kind === "add" && <RfidDialog tag={open.tag} label={open.label} close={close} />}
      {open?.kind === "edit" && <RfidDialog known={open.rfid} close={close} />}
      {open?.kind === "enrol" && (
        <EnrolDialog
          known={all}
          found={(tag) => setOpen({ kind: "add", tag })}
          close={close}
        />
      )}
      {open?.kind === "import" && <ImportDialog close={close} />}
    </>
  );
}

function countOf(people: Person[]): string {
  const cards = people.flatMap(({ cards }) => cards);
  return t("count", {
    people: people.filter(({ name }) => name).length,
    n: cards.length,
    blocked: cards.filter(({ allowed, seen_only }) => !allowed && !seen_only).length,
  });
}

async function saveCsv(): Promise<void> {
  const answer = await fetch("/ocpp/rfids/?format=csv", { headers: authHeaders() });
  saveFile("rfids.csv", await answer.blob());
}

interface TableProps {
  found: Person[];
  open: (open: Open) => void;
  again: () => void;
}

function Table({ found, open, again }: TableProps) {
  const [shown, setShown] = useState(SHOWN);
  const energy = useEnergy();
  return (
    <div class="table-wrap">
      <table class="cards-on-phone">
        <thead>
          <tr>
            <th>{t("label")}</th>
            <th>{t("seen")}</th>
            <th class="num">{t("this_month")}</th>
          </tr>
        </thead>
        <tbody>
          {found.slice(0, shown).map((person) => (
            <PersonRow
              key={keyOf(person)}
              person={person}
              energy_wh={energy && (energy.get(keyOf(person)) ?? 0)}
              edit={(rfid) => open({ kind: "edit", rfid })}
              add={(label) => open({ kind: "add", label })}
              again={again}
            />
          ))}
        </tbody>
      </table>
      {found.length > shown && (
        <div class="empty">
          <button type="button" class="btn" onClick={() => setShown(shown + SHOWN)}>
            {shell("more_rows")}
          </button>
        </div>
      )}
    </div>
  );
}

/** Loads the energy of this month by person, Wh, from the gateway's sums. */
function useEnergy(): Map<string, number> | undefined {
  const sums = simulatedSums();
  const load = () => get(at("/ocpp/energy/", {}, { group: "holder", ...sums }));
  const { value } = useLoad(load, [generation.value, sums.simulated]);
  return value && new Map(
    value.rows.map(({ holder, id_tag, energy_wh }) => [holder || tagKey(id_tag ?? ""), energy_wh]),
  );
}

function keyOf({ name, cards }: Person): string {
  return name || tagKey(cards[0]?.rfid ?? "");
}

/** The key of a card without a holder; no name begins with it. */
function tagKey(rfid: string): string {
  return `\n${rfid.toUpperCase()}`;
}
