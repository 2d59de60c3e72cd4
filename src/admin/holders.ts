// The holders of cards by their numbers, for pages that name who charges.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { getAll } from "./api.ts";
import { generation, onLive } from "./live.ts";

const MOST = 2000;

const holders = signal<ReadonlyMap<string, string>>(new Map());

/** Returns a card's holder, or its number where it has none; "–" without a card. */
export function holderOf(id_tag: string): string {
  return holders.value.get(id_tag.toUpperCase()) || id_tag || "–";
}

/** Keeps the holders up to date while a component is shown. */
export function useHolders(): void {
  const load = () =>
    void getAll("/ocpp/rfids/", {}, MOST).then((cards) => {
      holders.value = new Map(cards.map(({ rfid, label }) => [rfid.toUpperCase(), label.trim()]));
    }, () => {}); // then numbers are shown
  useEffect(load, [generation.value]);
  useEffect(() => onLive(({ type }) => (type === "rfid" || type === "rfid_deleted") && load()), []);
}
