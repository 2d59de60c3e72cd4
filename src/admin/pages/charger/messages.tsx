// A charger's message log: live, paired, filtered.
import { useEffect, useState } from "preact/hooks";
import { chargerPath, get } from "../../api.ts";
import { saveFile } from "../../components/inputs.tsx";
import { Card, CopyButton, Empty } from "../../components/parts.tsx";
import { clock } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { words } from "../../i18n.ts";
import { type Exchange, pairMessages } from "../../message_pairs.ts";
import type { LogEntry } from "../../types.ts";
import { MESSAGES } from "../../words/messages.ts";

const t = words(MESSAGES);

const POLL_MS = 1500;
const MOST = 500;

/** The log of one charger. */
export function Messages({ charger_id }: { charger_id: string }) {
  const [log, setLog] = useState<LogEntry[]>([]);
  const [paused, setPaused] = useState(false);
  const [filter, setFilter] = useState("");
  useEffect(() => paused ? undefined : poll(charger_id, setLog), [charger_id, paused]);
  const wanted = filter.toLowerCase();
  const exchanges = pairMessages(log).filter((one) =>
    wanted === "" || JSON.stringify(one).toLowerCase().includes(wanted)
  );
  const download = () => {
    const lines = log.map((entry) => JSON.stringify(entry)).join("\n");
    saveFile(`${charger_id}-messages.jsonl`, new Blob([lines], { type: "application/jsonl" }));
  };
  return (
    <Card flush>
      <div class="card-head">
        <input
          class="grow"
          type="search"
          aria-label={t("filter")}
          placeholder={t("filter")}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <div class="row">
          <button type="button" class="btn small" aria-pressed={paused} onClick={() => setPaused(!paused)}>
            <Icon name={paused ? "play" : "pause"} size={16} /> {paused ? t("resume") : t("pause")}
          </button>
          <button type="button" class="btn small" onClick={download}>
            <Icon name="download" size={16} /> {t("download")}
          </button>
        </div>
      </div>
      {exchanges.length === 0 ? <Empty icon="log">{t("none")}</Empty> : <Exchanges exchanges={exchanges} />}
    </Card>
  );
}

/** Requests with their answers, in the order given. */
export function Exchanges({ exchanges }: { exchanges: Exchange[] }) {
  return <div class="msgs" role="log">{exchanges.map((one) => <Line key={one.key} exchange={one} />)}</div>;
}

/** Asks for the newest messages again and again, and keeps those that the gateway has dropped meanwhile. */
function poll(charger_id: string, setLog: (change: (log: LogEntry[]) => LogEntry[]) => void): () => void {
  let wanted = true;
  let timer: ReturnType<typeof setTimeout>;
  const ask = async () => {
    try {
      const { log } = await get<{ log: LogEntry[] }>(chargerPath(charger_id));
      if (wanted) setLog((before) => merge(before, log));
    } catch {
      // the bar at the top tells
    }
    if (wanted) timer = setTimeout(ask, POLL_MS);
  };
  void ask();
  return () => {
    wanted = false;
    clearTimeout(timer);
  };
}

/** What we had before the first of the new ones, then the new ones. */
function merge(before: LogEntry[], log: LogEntry[]): LogEntry[] {
  const first = log[0] && JSON.stringify(log[0]);
  const start = first === undefined ? -1 : before.findLastIndex((entry) => JSON.stringify(entry) === first);
  return (start < 0 ? log : [...before.slice(0, start), ...log]).slice(-MOST);
}

function Line({ exchange }: { exchange: Exchange }) {
  const { at, direction, action, request, answer, outcome, status, latency_ms } = exchange;
  const tone = outcome === "error" || outcome === "broken" ? "red" : outcome === "open" ? "amber" : "grey";
  return (
    <details class="msg">
      <summary>
        <span class="at num soft">{clock(at)}</span>
        <span class={direction} title={t(direction === "in" ? "from_charger" : "from_gateway")}>
          <Icon name={direction === "in" ? "right" : "left"} size={18} />
          <span class="sr">{t(direction === "in" ? "from_charger" : "from_gateway")}</span>
        </span>
        <b>{action || t("broken")}</b>
        <span class="preview">{preview(request)}</span>
        <span class={`chip tone-${tone}`}>
          {outcome === "open"
            ? t("open")
            : [status, latency_ms === null ? "" : `${latency_ms} ms`].filter(Boolean).join(" · ")}
        </span>
      </summary>
      <div>
        <Part title={t("request")} at={at} body={request} />
        {outcome !== "broken" && (
          <Part title={outcome === "open" ? t("no_answer") : t("answer")} body={answer} />
        )}
      </div>
    </details>
  );
}

function Part({ title, at, body }: { title: string; at?: string; body: unknown }) {
  const text = typeof body === "string" ? body : JSON.stringify(body, null, 2) ?? "";
  return (
    <div class="stack tight">
      <div class="row between">
        <span class="small soft">{title} {at}</span>
        {text && <CopyButton text={text} />}
      </div>
      {text && <pre>{text}</pre>}
    </div>
  );
}

function preview(request: unknown): string {
  return (typeof request === "string" ? request : JSON.stringify(request) ?? "").slice(0, 160);
}
