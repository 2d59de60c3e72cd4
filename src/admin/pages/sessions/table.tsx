// The table of sessions, newest first, in pages.
import { Word } from "../../components/word.tsx";
import { useEffect, useRef, useState } from "preact/hooks";
import type { AnswerAt, QueryAt } from "../../../http/client_types.ts";
import { at, get } from "../../api.ts";
import { countOf, LongRows, type RowAttributes } from "../../components/long_rows.tsx";
import { Card, Empty, LoadState, useLoad } from "../../components/parts.tsx";
import { connectorName, SimBadge } from "../../components/status.tsx";
import { duration, kwh, number, when } from "../../format.ts";
import { holderOf, useHolders } from "../../holders.ts";
import { messages } from "../../i18n.ts";
import { chargers, generation, now, onLive, sessions as running } from "../../live.ts";
import { simulatedSums } from "../../simulated.ts";
import type { Session } from "../../types.ts";
import { SESSIONS } from "../../../i18n/admin/sessions.ts";
import { SessionDialog } from "./dialog.tsx";

const t = messages(SESSIONS);

/** Before any session. */
export const FIRST_DAY = "2010-01-01";

/** The filter of sessions. */
export type SessionQuery = Omit<QueryAt<"/ocpp/transactions/">, "limit" | "cursor" | "format">;

type Page = AnswerAt<"GET", "/ocpp/transactions/">;

/** Returns a filter as a query string. */
export function queryText(query: SessionQuery): string {
  return new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
}

/** Shows the table. `shown`: the session that is opened at once. */
export function SessionTable({ query, shown }: { query: SessionQuery; shown?: number | undefined }) {
  const { found, next, loading, error, more } = useSessions(query);
  const [open, setOpen] = useState<Session | null>(null);
  useHolders();
  useEffect(() => {
    if (shown) {
      void get(at("/ocpp/transactions/{transaction_id}/", { transaction_id: String(shown) })).then(
        setOpen,
        () => {},
      );
    }
  }, [shown]);
  return (
    <>
      {!query.state && <Totals query={query} />}
      <Card flush>
        {found.length === 0 && !loading
          ? <Empty icon="sessions">{t("none")}</Empty>
          : (
            <div class="table-wrap">
              <table class="cards-on-phone" {...countOf(found.length)}>
                <thead>
                  <tr>
                    <th>{t("id")}</th>
                    <th>{t("charger")}</th>
                    <th>{t("card")}</th>
                    <th>{t("start")}</th>
                    <th class="num">{t("duration")}</th>
                    <th class="num">{t("energy")}</th>
                    <th>{t("doubts")}</th>
                  </tr>
                </thead>
                <LongRows
                  keys={found.map(({ transaction_id }) => transaction_id)}
                  row={(index, { key, ...place }) => (
                    <Row key={key} place={place} session={found[index]!} open={setOpen} />
                  )}
                />
              </table>
            </div>
          )}
        <LoadState loading={loading} error={error} />
        {next !== null && !loading && (
          <div class="empty">
            <button type="button" class="btn" onClick={more}>{t("more")}</button>
          </div>
        )}
      </Card>
      {open && <SessionDialog session={open} close={() => setOpen(null)} />}
    </>
  );
}

/** Loads sessions and keeps the loaded ones up to date. */
function useSessions(query: SessionQuery) {
  const [page, setPage] = useState<Page>({ transactions: [], next: null });
  const [state, setState] = useState<{ loading: boolean; error?: Error }>({ loading: true });
  const text = queryText(query);
  const asked = useRef(0);
  const load = async (cursor: Page["next"]) => {
    const question = ++asked.current;
    const isLate = () => question !== asked.current; // another filter has been chosen since
    setState({ loading: true });
    try {
      const part = { ...query, limit: 100, ...(cursor === null ? {} : { cursor: Number(cursor) }) };
      const { transactions, next } = await get(at("/ocpp/transactions/", {}, part));
      if (isLate()) return;
      setPage((before) => ({
        transactions: cursor === null ? transactions : [...before.transactions, ...transactions],
        next,
      }));
      setState({ loading: false });
    } catch (error) {
      if (!isLate()) setState({ loading: false, error: error as Error });
    }
  };
  useEffect(() => void load(null), [text, generation.value]);
  useEffect(() =>
    onLive(({ type, data }) => {
      if (type === "transaction" && belongs(data, query)) setPage((before) => withSession(before, data));
    }), [text]);
  return { found: page.transactions, next: page.next, ...state, more: () => void load(page.next) };
}

function belongs(
  { charger_id, id_tag, start_time, state, simulated }: Session,
  query: SessionQuery,
): boolean {
  if (query.simulated && query.simulated !== String(simulated)) return false;
  if (query.charger_id && query.charger_id !== charger_id) return false;
  if (query.id_tag && query.id_tag.toUpperCase() !== id_tag.toUpperCase()) return false;
  const start = Date.parse(start_time);
  if (query.from && start < Date.parse(query.from)) return false;
  if (query.to && start >= Date.parse(query.to)) return false;
  return !query.state || query.state === state;
}

function withSession({ transactions, next }: Page, changed: Session): Page {
  const known = transactions.some(({ transaction_id }) => transaction_id === changed.transaction_id);
  const others = transactions.map((one) => one.transaction_id === changed.transaction_id ? changed : one);
  return { transactions: known ? others : [changed, ...others], next };
}

/** The sums of the filter's time, by the gateway; without one, of this month. */
function Totals({ query }: { query: SessionQuery }) {
  const { from, to, charger_id, id_tag } = query;
  const asked = { from, to, charger_id, id_tag };
  const known = Object.fromEntries(Object.entries(asked).filter(([, value]) => value));
  const sums = { ...known, ...(to && !from ? { from: FIRST_DAY } : {}), ...simulatedSums() };
  const load = () => get(at("/ocpp/energy/", {}, sums));
  const { value, loading, error } = useLoad(load, [
    JSON.stringify(sums),
    generation.value,
    Math.floor(now.value / 60_000),
  ]);
  if (!value) return error ? <LoadState loading={loading} error={error} /> : <p class="soft">…</p>;
  const { sessions, energy_wh, connected_s } = value.totals;
  const text = t("totals", {
    n: number(sessions),
    kwh: kwh(energy_wh),
    duration: duration(connected_s * 1000),
  });
  return <p class="soft" data-testid="totals">{from || to ? text : `${t("this_month")}: ${text}`}</p>;
}

/** Returns the duration of a session until its end or `at`, ms. */
function lengthOf({ start_time, stop_time }: Session, at: number): number {
  return Math.max(0, (stop_time === null ? at : Date.parse(stop_time)) - Date.parse(start_time));
}

interface RowProps {
  session: Session;
  place: Omit<RowAttributes, "key">;
  open: (session: Session) => void;
}

function Row({ session, place, open }: RowProps) {
  const { transaction_id, charger_id, connector_id, id_tag, start_time, state, flags, simulated } = session;
  const holder = holderOf(id_tag);
  const live = running.value.get(transaction_id);
  const connector = live &&
    chargers.get(charger_id)?.value.connectors.find((one) => one.connector_id === connector_id);
  return (
    <tr {...place}>
      <td data-label={t("id")}>
        <button type="button" class="btn small quiet" data-opens onClick={() => open(session)}>
          {transaction_id}
        </button>
      </td>
      <td class="wide">
        <a class="name" href={`/admin/chargers/${encodeURIComponent(charger_id)}`}>
          {chargers.get(charger_id)?.value.name || charger_id}
        </a>{" "}
        {simulated && <SimBadge />}
        <div class="small soft">{connectorName(connector_id)}</div>
      </td>
      <td>
        {holder === id_tag ? <code>{id_tag}</code> : holder}
        {holder !== id_tag && id_tag && (
          <div class="small soft">
            <code>{id_tag}</code>
          </div>
        )}
      </td>
      <td>{when(start_time)}</td>
      <td class="num">
        {state === "active" && <span class="chip tone-blue">{t("running")}</span>}{" "}
        <Length session={session} />
      </td>
      <td class="num">
        <b>{kwh(connector?.energy_wh ?? session.energy_wh)}</b>
      </td>
      <td class="wide">
        {flags.map((flag) => (
          <span key={flag} class="flag">
            <Word kind="flag" of={flag} />
          </span>
        ))}
      </td>
    </tr>
  );
}

/** A component of its own, so that the clock redraws nothing else. */
function Length({ session }: { session: Session }) {
  return <>{duration(lengthOf(session, session.state === "active" ? now.value : 0))}</>;
}
