// The search in everything, as a combobox in a dialog: the arrows choose, Enter opens, Escape closes.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { CommandDialog } from "../components/command_dialog.tsx";
import { useLoad } from "../components/parts.tsx";
import type { CommandName } from "../commands.ts";
import { Icon, type IconName } from "../icons.tsx";
import { language, messages } from "../i18n.ts";
import { ids } from "../live.ts";
import type { ChargerView } from "../types.ts";
import { FINDER } from "../../i18n/admin/finder.ts";
import { allEntries, loadCards, type Openers, sessionNumbered } from "./entries.ts";
import { type Entry, found } from "./match.ts";

const t = messages(FINDER);

const ICONS: Record<Entry["kind"], IconName> = {
  charger: "chargers",
  person: "users",
  card: "tags",
  session: "sessions",
  page: "right",
  action: "play",
  command: "play",
};

interface Chosen {
  charger: ChargerView;
  command: CommandName;
}

/** Shows the search until something is chosen, then the dialog of a chosen command. */
export function Finder({ close }: { close: () => void }) {
  const { route } = useLocation();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  if (chosen) return <CommandDialog {...chosen} close={close} />;
  const openers: Openers = { go: route, command: (charger, command) => setChosen({ charger, command }) };
  const choose = ({ kind, open }: Entry) => {
    open();
    if (kind !== "command") close();
  };
  return <Search openers={openers} choose={choose} close={close} />;
}

interface SearchProps {
  openers: Openers;
  choose: (entry: Entry) => void;
  close: () => void;
}

function Search({ openers, choose, close }: SearchProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useFound(text, openers);
  const active = Math.min(at, list.length - 1);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => document.getElementById(`found-${active}`)?.scrollIntoView({ block: "nearest" }), [active]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step && list.length > 0) setAt((active + step + list.length) % list.length);
    else if (event.key === "Enter" && list[active]) choose(list[active]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      class="finder"
      aria-label={t("title")}
      onClose={close}
      onMouseDown={(event) => event.target === dialog.current && close()}
    >
      <label class="search">
        <Icon name="search" size={18} />
        <input
          role="combobox"
          aria-label={t("title")}
          aria-expanded={list.length > 0}
          aria-controls="found"
          aria-autocomplete="list"
          {...(list.length > 0 ? { "aria-activedescendant": `found-${active}` } : {})}
          autocomplete="off"
          autofocus
          placeholder={t("hint")}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <ul id="found" role="listbox" aria-label={t("results")}>
        {list.map((entry, index) => (
          <Option
            key={`${entry.kind} ${entry.name} ${entry.detail}`}
            entry={entry}
            index={index}
            active={index === active}
            choose={choose}
          />
        ))}
      </ul>
      <p class="small soft" role="status">{saidOf(text, list.length)}</p>
    </dialog>
  );
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

interface OptionProps {
  entry: Entry;
  index: number;
  active: boolean;
  choose: (entry: Entry) => void;
}

function Option({ entry, index, active, choose }: OptionProps) {
  return (
    <li id={`found-${index}`} role="option" aria-selected={active} onClick={() => choose(entry)}>
      <Icon name={ICONS[entry.kind]} size={18} />
      <span>
        <b>{entry.name}</b>
        {entry.detail && <span class="small soft">{entry.detail}</span>}
      </span>
      <span class="small soft">{t(entry.kind === "command" ? "action" : entry.kind)}</span>
    </li>
  );
}

/** The entries that a text finds; a number also finds the session that has it. */
function useFound(text: string, openers: Openers): Entry[] {
  const { value: cards = [] } = useLoad(loadCards, []);
  const entries = useMemo(() => allEntries(cards, openers), [cards, ids.value, language.value]);
  const id = /^\s*#?(\d{1,9})\s*$/.exec(text)?.[1];
  const { value: session } = useLoad(() => id ? sessionNumbered(id, openers) : Promise.resolve(null), [id]);
  const others = useMemo(() => text.trim() ? found(entries, text) : entries.filter(isStart), [entries, text]);
  return id && session?.name.endsWith(` ${id}`) ? [session, ...others] : others;
}

/** Returns true for an entry that is shown before anything is typed. */
function isStart({ kind }: Entry): boolean {
  return kind === "action";
}

function saidOf(text: string, n: number): string {
  if (n === 0 && text.trim()) return t("none", { text: text.trim() });
  return text.trim() ? t("count", { n }) : t("keys");
}
