// A person: the name, the cards below it, the last use and this month's energy.
import { at, call, can } from "../../api.ts";
import { ActionButton } from "../../components/action_button.tsx";
import { attempt } from "../../components/inputs.tsx";
import { ago, kwh, when } from "../../format.ts";
import { Icon, type IconName } from "../../icons.tsx";
import { language, messages } from "../../i18n.ts";
import { chargers } from "../../live.ts";
import { simulatedSums } from "../../simulated.ts";
import type { Rfid } from "../../types.ts";
import { dayAt } from "../../zone.ts";
import { RFIDS } from "../../../i18n/admin/rfids.ts";
import type { Person } from "./people.ts";

const t = messages(RFIDS);

interface PersonRowProps {
  person: Person;
  /** Of this month; undefined: not known yet. */
  energy_wh: number | undefined;
  edit: (card: Rfid) => void;
  add: (label: string) => void;
  again: () => void;
}

/** Shows the row. */
export function PersonRow(
  { person: { name, cards, last_use }, energy_wh, edit, add, again }: PersonRowProps,
) {
  return (
    <tr>
      <td class="wide">
        <div class="row">
          <b class={name ? "name" : "soft"}>{name || t("no_holder")}</b>
          {name && can("operator") && (
            <button
              type="button"
              class="btn small quiet icon-only"
              aria-label={`${t("add")}: ${name}`}
              title={t("add")}
              onClick={() => add(name)}
            >
              <Icon name="plus" size={16} />
            </button>
          )}
        </div>
        <ul class="own-cards">
          {cards.map((card) => <OwnCard key={card.rfid} card={card} edit={edit} again={again} />)}
        </ul>
      </td>
      <td class="soft" data-label={t("seen")}>
        {last_use.last_seen ? ago(last_use.last_seen) : "–"}
        {last_use.last_charger_id && (
          <div class="small">
            {chargers.get(last_use.last_charger_id)?.value.name || last_use.last_charger_id}
          </div>
        )}
      </td>
      <td class="num" data-label={t("this_month")}>
        {energy_wh === undefined
          ? "–"
          : (
            <a href={statementOf(name, cards)} target="_blank" rel="noreferrer" title={t("statement")}>
              {kwh(energy_wh)}
            </a>
          )}
      </td>
    </tr>
  );
}

/** Returns the address of this month's statement of a person, or of a card without a holder. */
function statementOf(name: string, [card]: Rfid[]): string {
  const whose = name ? { holder: name } : { id_tag: card?.rfid ?? "" };
  const month = dayAt(Date.now()).slice(0, 7);
  const query = { month, format: "html", lang: language.value, ...simulatedSums(), ...whose };
  return `/ocpp/report/statement/?${new URLSearchParams(query)}`;
}

interface OwnCardProps {
  card: Rfid;
  edit: (card: Rfid) => void;
  again: () => void;
}

function OwnCard({ card, edit, again }: OwnCardProps) {
  const { rfid, allowed, expires_at, parent_id_tag } = card;
  const set = (value: boolean) =>
    call("PATCH", at("/ocpp/rfids/{rfid}/", { rfid }), { allowed: value }).then(again);
  const toggle = () =>
    attempt(() => set(!allowed), t(allowed ? "was_blocked" : "was_allowed", { rfid }), {
      undo: () => set(allowed),
    });
  const details = [
    parent_id_tag && `${t("group")}: ${parent_id_tag}`,
    expires_at && `${t("expires")}: ${when(expires_at)}`,
  ];
  return (
    <li>
      <code>{rfid}</code>
      <CardState card={card} />
      <span class="small soft">{details.filter(Boolean).join(" · ")}</span>
      <span class="row no-print">
        <a class="btn small quiet" href={`/admin/sessions?id_tag=${encodeURIComponent(rfid)}`}>
          {t("sessions")}
        </a>
        {can("operator") && (
          <>
            <button type="button" class="btn small" onClick={() => void toggle()}>
              {allowed ? t("block") : t("allow")}
            </button>
            <button
              type="button"
              class="btn small icon-only quiet"
              aria-label={`${t("edit")} ${rfid}`}
              onClick={() => edit(card)}
            >
              <Icon name="edit" size={17} />
            </button>
          </>
        )}
        <ActionButton
          role="operator"
          look="quiet icon-only"
          icon="trash"
          label={t("remove")}
          of={rfid}
          ask={t("remove_text", { rfid })}
          run={() => call("DELETE", at("/ocpp/rfids/{rfid}/", { rfid })).then(again)}
        />
      </span>
    </li>
  );
}

function CardState({ card }: { card: Rfid }) {
  const [tone, icon, text] = stateOf(card);
  return (
    <span class={`chip tone-${tone}`}>
      <Icon name={icon} size={16} />
      {text}
    </span>
  );
}

function stateOf({ allowed, expires_at, seen_only }: Rfid): [tone: string, icon: IconName, text: string] {
  if (seen_only) return ["violet", "waiting", t("unknown")];
  if (!allowed) return ["red", "close", t("blocked")];
  const expired = expires_at !== null && Date.parse(expires_at) < Date.now();
  return expired ? ["amber", "waiting", t("expired")] : ["green", "check", t("allowed")];
}
