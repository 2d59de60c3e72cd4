// A charger's message log, live, in pairs of request and answer.
import { useEffect, useRef, useState } from "preact/hooks";
import { can, chargerPath, get } from "../../api.ts";
import { saveFile } from "../../components/inputs.tsx";
import { CopyButton } from "../../components/copy_button.tsx";
import { Card, Empty } from "../../components/parts.tsx";
import { clock } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import { curlOf, type Exchange, pairMessages } from "../../message_pairs.ts";
import { stream } from "../../sse.ts";
import type { LogEntry } from "../../types.ts";
import { MESSAGES } from "../../../i18n/admin/messages.ts";

const t = messages(MESSAGES);

const MOST = 500;

/** Shows the log of a charger. */
export function Messages({ charger_id }: { charger_id: string }) {
  const kept = useRef(new Map<string, LogEntry>()).current;
  const [log, setLog] = useState<LogEntry[]>([]);
  const [paused, setPaused] = useState(false);
  const [filter, setFilter] = useState("");
  useEffect(() => paused ? undefined : follow(charger_id, kept, setLog), [paused]);
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
      {exchanges.length === 0
        ? <Empty icon="log">{t("none")}</Empty>
        : <Exchanges exchanges={exchanges} asked={charger_id} />}
    </Card>
  );
}

interface ExchangesProps {
  exchanges: Exchange[];
  /** The charger's URL, for the commands that send a request again. */
  asked?: string;
}

/** Shows requests with their answers, in the given order. */
export function Exchanges({ exchanges, asked }: ExchangesProps) {
  return (
    <div class="msgs" role="log">
      {exchanges.map((one) => <Line key={one.key} exchange={one} asked={asked} />)}
    </div>
  );
}

/** Calls `show` with the newest messages and again for each new one, until the returned function is called. */
function follow(charger_id: string, log: Map<string, LogEntry>, show: (log: LogEntry[]) => void): () => void {
  const add = (entries: LogEntry[]) => {
    for (const entry of entries) log.set(JSON.stringify(entry), entry);
    const all = [...log].sort(([, a], [, b]) => a.at < b.at ? -1 : Number(a.at > b.at));
    for (const [key] of all.splice(0, all.length - MOST)) log.delete(key);
    show(all.map(([, entry]) => entry));
  };
  const load = () => void get(chargerPath(charger_id)).then(({ log }) => add(log), () => {});
  const id = encodeURIComponent(charger_id);
  return stream(`/ocpp/events/?charger_id=${id}&messages=${id}`, {
    onOpen: load,
    onEvent(type, { charger_id: _id, ...entry }) {
      if (type === "message") add([entry as unknown as LogEntry]);
      if (type === "messages_lost") load();
    },
    onLost() {},
  });
}

function Line({ exchange, asked }: { exchange: Exchange; asked: string | undefined }) {
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
        {asked && action && direction === "out" && can("operator") && (
          <div>
            <CopyButton
              text={curlOf(location.origin + chargerPath(asked), action, request)}
              label={t("curl")}
            />
          </div>
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
