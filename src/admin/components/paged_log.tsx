// A log, newest entries first: a page at a time, with the newest page loaded again while the site reports.
import { useEffect, useRef, useState } from "preact/hooks";
import { send } from "../api.ts";
import { Icon, type IconName } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { onLive } from "../live.ts";
import { LOG_FRAME } from "../../i18n/admin/activity.ts";
import { type Cell, DataTable } from "./data_table.tsx";
import { attempt, saveFile } from "./inputs.tsx";
import { Card, Empty, LoadState, useLoad } from "./parts.tsx";

const t = messages(LOG_FRAME);

/** The least time between two loads of the newest page, ms. */
const PAUSE = 4000;

interface PagedLogProps<E, W extends string> {
  /** Loads the entries before a sequence; null: the newest. */
  load: (cursor: number | null) => Promise<{ entries: E[]; next: string | null }>;
  /** The question in a text: another one begins anew. */
  asked: string;
  /** The text of an empty log. */
  none: string;
  icon: IconName;
  t: (key: W) => string;
  columns: { [key in W | ""]?: Cell<E> };
}

/** Shows the log as a card. */
export function PagedLog<E extends { sequence: number }, W extends string>(
  { load, asked, none, icon, t: text, columns }: PagedLogProps<E, W>,
) {
  const [older, setOlder] = useState<{ entries: E[]; next: string | null } | null>(null);
  const first = useLoad(() => load(null), [asked]);
  useEffect(() => setOlder(null), [asked]);
  useAgain(older ? null : first.again);
  const next = older ? older.next : first.value?.next ?? null;
  const entries = [...first.value?.entries ?? [], ...older?.entries ?? []];
  const more = () =>
    attempt(async () => {
      const page = await load(Number(next));
      setOlder({ entries: [...older?.entries ?? [], ...page.entries], next: page.next });
    });
  return (
    <Card flush>
      <LoadState loading={first.loading && !first.value} error={first.error} />
      {first.value && entries.length === 0 && <Empty icon={icon}>{none}</Empty>}
      {entries.length > 0 && (
        <div class="log">
          <DataTable
            rows={entries}
            keyOf={({ sequence }) => sequence}
            t={text}
            columns={columns}
          />
        </div>
      )}
      {next !== null && (
        <div class="empty">
          <button type="button" class="btn" onClick={() => void more()}>{t("more")}</button>
        </div>
      )}
    </Card>
  );
}

/** Calls `again` a while after something has happened on the site; null: what is shown stays. */
function useAgain(again: (() => void) | null): void {
  const latest = useRef(again);
  latest.current = again;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onLive(({ type }) => {
      if (type === "meter") return;
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current?.();
      }, PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
}

/** A button that saves a path's CSV as a file. */
export function CsvButton({ path, file }: { path: string; file: string }) {
  const save = () => attempt(async () => saveFile(file, await (await send("GET", path)).blob()));
  return (
    <button type="button" class="btn" onClick={() => void save()}>
      <Icon name="download" size={18} /> {t("csv")}
    </button>
  );
}
