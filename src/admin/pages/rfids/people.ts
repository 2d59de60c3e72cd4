// Cards by their holders.
import type { Rfid } from "../../types.ts";

/** Somebody with cards; without a name it is one card that has no holder. */
export interface Person {
  name: string;
  cards: Rfid[];
  last_use: Pick<Rfid, "last_seen" | "last_charger_id">;
}

/** Returns the people in the order of their names, cards without a holder behind them, the one seen last first. */
export function peopleOf(cards: readonly Rfid[]): Person[] {
  const named = Map.groupBy(cards.filter(holderOf), holderOf);
  const people = [...named].map(([name, own]) => personOf(name, own));
  const others = cards.filter((card) => !holderOf(card)).map((card) => personOf("", [card]));
  return [
    ...people.sort((a, b) => a.name.localeCompare(b.name)),
    ...others.sort((a, b) => seen(b).localeCompare(seen(a))),
  ];
}

/** Returns those that have a text in their name, in a card's number or in its group. */
export function peopleWith(text: string, people: readonly Person[]): Person[] {
  const wanted = text.trim().toLowerCase();
  return people.filter(({ name, cards }) =>
    [name, ...cards.flatMap(({ rfid, parent_id_tag }) => [rfid, parent_id_tag ?? ""])].some((one) =>
      one.toLowerCase().includes(wanted)
    )
  );
}

function personOf(name: string, cards: Rfid[]): Person {
  return { name, cards, last_use: cards.toSorted((a, b) => seen(b).localeCompare(seen(a)))[0]! };
}

function holderOf({ label }: Rfid): string {
  return label.trim();
}

function seen(used: Pick<Rfid, "last_seen"> | Person): string {
  return ("last_use" in used ? used.last_use.last_seen : used.last_seen) ?? "";
}
