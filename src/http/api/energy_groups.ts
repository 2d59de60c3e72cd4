// The groups of energy figures: their keys while adding up, and the fields by which an answer names them.
import { Type } from "../../ocpp/schema_builder.ts";
import type { FiguresRow } from "../../site/figures/energy_figures.ts";
import type { Store } from "../../store/store.ts";
import type { SessionPart } from "../../store/sums/session_part.ts";
import { Nullable } from "../schemas.ts";

/** The groups. */
export const GROUPS = ["charger", "connector", "tag", "holder"] as const;

/** A group. */
export type Group = typeof GROUPS[number];

/** The fields of a row that name its group. */
export const GROUP_FIELDS = {
  charger_id: Type.Optional(Type.String()),
  connector_id: Type.Optional(Type.Integer()),
  name: Type.Optional(Type.String({ description: "The charger's name" })),
  id_tag: Type.Optional(
    Nullable(Type.String({ description: "Null: the tags of a holder; empty: sessions without a tag" })),
  ),
  holder: Type.Optional(Type.String({ description: "The label of the RFID now; empty: it has none" })),
};

/** The names of a group. */
export interface GroupNames {
  charger_id?: string;
  connector_id?: number;
  name?: string;
  id_tag?: string | null;
  holder?: string;
}

/** Returns the function from a part to its group. Tags are compared without regard to case. */
export function groupKey(group: Group | undefined, store: Store): (part: SessionPart) => string {
  if (group === "charger") return ({ charger_id }) => charger_id;
  if (group === "connector") return ({ charger_id, connector_id }) => `${connector_id} ${charger_id}`;
  if (group === "tag") return ({ id_tag }) => id_tag.toUpperCase();
  if (group === "holder") {
    const keys = new Map<string, string>(); // a tag has thousands of parts
    return ({ id_tag }) => {
      const key = keys.get(id_tag) ?? holderKey(id_tag, store);
      keys.set(id_tag, key);
      return key;
    };
  }
  return () => "";
}

/** Returns the names of a row's group. */
export function groupNames(group: Group | undefined, { group: key }: FiguresRow, store: Store): GroupNames {
  const nameOf = (charger_id: string) => store.chargers.get(charger_id)?.name ?? "";
  if (group === "charger") return { charger_id: key, name: nameOf(key) };
  if (group === "connector") {
    const [connector_id, charger_id] = [Number(key.split(" ", 1)[0]), key.slice(key.indexOf(" ") + 1)];
    return { charger_id, connector_id, name: nameOf(charger_id) };
  }
  if (group === "tag") return { id_tag: spelled(key, store), holder: holderOf(key, store) };
  if (group === "holder") {
    return key.startsWith(TAG)
      ? { holder: "", id_tag: spelled(key.slice(TAG.length), store) }
      : { holder: key, id_tag: null };
  }
  return {};
}

/** Marks the key of a tag without a holder; no label begins with it. */
const TAG = "\n";

function holderKey(id_tag: string, store: Store): string {
  return holderOf(id_tag, store) || TAG + id_tag.toUpperCase();
}

function holderOf(id_tag: string, { rfids }: Store): string {
  return rfids.get(id_tag.toUpperCase())?.label?.trim() ?? "";
}

/** Returns a tag as it is in the RFID table. */
function spelled(id_tag: string, { rfids }: Store): string {
  return rfids.get(id_tag)?.rfid ?? id_tag;
}
