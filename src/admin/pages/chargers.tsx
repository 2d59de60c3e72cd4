// The list of chargers.
import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";
import { alarms } from "../alarms.ts";
import { call, can } from "../api.ts";
import { attempt, Search, Segmented } from "../components/inputs.tsx";
import { Card, Empty, Field, PageHead } from "../components/parts.tsx";
import { Dialog } from "../components/dialog.tsx";
import { SimulatedSwitch } from "../components/simulated_switch.tsx";
import { overallState, Plugs, SimBadge } from "../components/status.tsx";
import { ago, kw } from "../format.ts";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { allChargers, chargers, ids, putCharger } from "../live.ts";
import { counted } from "../simulated.ts";
import type { ChargerView } from "../types.ts";
import { ADOPT } from "../../i18n/admin/adopt.ts";
import { CHARGERS } from "../../i18n/admin/chargers.ts";
import { Pending } from "./waiting.tsx";

const t = messages(CHARGERS);
const adopt = messages(ADOPT);

const FILTERS = ["all", "wrong", "charging", "free"] as const;
type Filter = typeof FILTERS[number];

/** Shows the chargers. */
export default function Chargers() {
  const { query, route } = useLocation();
  const text = query.q ?? "";
  const filter = FILTERS.find((one) => one === query.show) ?? "all";
  const choose = (q: string, show: Filter) => {
    const chosen = new URLSearchParams({ ...(q ? { q } : {}), ...(show === "all" ? {} : { show }) });
    route(`/admin/chargers${chosen.size > 0 ? `?${chosen}` : ""}`, true);
  };
  const [adding, setAdding] = useState(false);
  return (
    <>
      <PageHead title={t("title")} text={<Count />}>
        {can("admin") && (
          <button type="button" class="btn primary" onClick={() => setAdding(true)}>
            <Icon name="plus" size={18} /> {t("add")}
          </button>
        )}
      </PageHead>
      <Knocking />
      <div class="row">
        <Search value={text} set={(q) => choose(q, filter)} />
        <Segmented
          value={filter}
          set={(show) => choose(text, show)}
          options={FILTERS.map((one) => [one, t(one)] as const)}
        />
        <SimulatedSwitch />
      </div>
      <Card flush>
        <div class="table-wrap">
          <table class="cards-on-phone">
            <thead>
              <tr>
                <th>{t("charger")}</th>
                <th>{t("state")}</th>
                <th class="num">{t("power")}</th>
                <th>{t("seen")}</th>
                <th>{t("model")}</th>
                <th>{t("card")}</th>
              </tr>
            </thead>
            <tbody>
              {ids.value.map((id) => <Row key={id} id={id} text={text.toLowerCase()} filter={filter} />)}
            </tbody>
          </table>
        </div>
        <Nobody text={text} filter={filter} />
      </Card>
      {adding && <AddDialog close={() => setAdding(false)} />}
    </>
  );
}

/** The chargers that wait to be adopted, and the way to the connections that were refused. */
function Knocking() {
  const pending = allChargers().filter(({ registration }) => registration === "Pending");
  const refused = alarms.value.filter(({ kind }) => kind === "refused").length;
  if (pending.length + refused === 0) return null;
  const room = refused > 0 && (
    <a class="btn small" href="/admin/waiting">{adopt("refused", { n: refused })}</a>
  );
  return (
    <Card title={adopt("waiting")} side={room} flush>
      <ul class="attention">
        {pending.map((charger) => <Pending key={charger.charger_id} charger={charger} />)}
      </ul>
    </Card>
  );
}

function Count() {
  const all = counted(allChargers());
  return <>{t("count", { n: all.filter(({ connected }) => connected).length, all: all.length })}</>;
}

/** The row of a charger; it alone redraws when the charger changes. */
function Row({ id, text, filter }: { id: string; text: string; filter: Filter }) {
  const charger = chargers.get(id)?.value;
  if (!charger || counted([charger]).length === 0 || !matches(charger, text, filter)) return null;
  const watts = charger.connectors.reduce((sum, { power_w }) => sum + (power_w ?? 0), 0);
  return (
    <tr>
      <td>
        <a class="name" href={`/admin/chargers/${encodeURIComponent(id)}`}>{charger.name || id}</a>{" "}
        {charger.simulated && <SimBadge />}
        {charger.name && <div class="small soft">{id}</div>}
      </td>
      <td class="wide">
        <Plugs charger={charger} />
      </td>
      <td class="num">
        {charger.connected && charger.connectors.some(({ power_w }) => power_w !== null) ? kw(watts) : "–"}
      </td>
      <td class="soft">
        <Ago iso={charger.last_seen} />
      </td>
      <td class="soft off-phone">{[charger.vendor, charger.model].filter(Boolean).join(" ") || "–"}</td>
      <td class="soft off-phone">{charger.require_rfid ? t("needed") : t("open")}</td>
    </tr>
  );
}

/** A component of its own, so that the clock redraws nothing else. */
function Ago({ iso }: { iso: string | null }) {
  return <>{ago(iso)}</>;
}

function Nobody({ text, filter }: { text: string; filter: Filter }) {
  const some = counted(allChargers()).some((charger) => matches(charger, text.toLowerCase(), filter));
  return some ? null : <Empty icon="chargers">{t("none")}</Empty>;
}

function matches(charger: ChargerView, text: string, filter: Filter): boolean {
  const { charger_id, name, vendor, model, serial_number, remote_address } = charger;
  const all = [charger_id, name, vendor, model, serial_number, remote_address].join(" ").toLowerCase();
  if (!all.includes(text)) return false;
  if (filter === "all") return true;
  const state = overallState(charger);
  const statuses = charger.connectors.map(({ status }) => status);
  if (filter === "wrong") {
    return ["offline", "Faulted", "Pending", "Rejected"].includes(state) || statuses.includes("Unavailable");
  }
  if (filter === "charging") {
    return charger.connected && statuses.some((status) => /^(Charging|Suspended)/.test(status));
  }
  return charger.connected && statuses.includes("Available");
}

function AddDialog({ close }: { close: () => void }) {
  const run = async ({ charger_id, name, password, require_rfid }: Record<string, string>) => {
    const body = {
      charger_id,
      name,
      require_rfid: require_rfid !== undefined,
      ...(password ? { password } : {}),
    };
    const done = await attempt(
      async () => putCharger(await call("POST", "/ocpp/chargers/", body)),
      t("created", { id: charger_id! }),
    );
    if (done) close();
  };
  return (
    <Dialog
      title={t("add")}
      close={close}
      submit={{ label: t("add"), run: (fields) => void run(fields) }}
    >
      <p class="soft">{t("add_text")}</p>
      <Field label={t("charger_id")} hint={t("charger_id_hint")}>
        <input name="charger_id" required maxlength={64} autocomplete="off" autofocus />
      </Field>
      <Field label={t("name")}>
        <input name="name" maxlength={100} />
      </Field>
      <Field label={t("password")} hint={t("password_hint")}>
        <input name="password" maxlength={40} autocomplete="new-password" />
      </Field>
      <label class="check">
        <input type="checkbox" name="require_rfid" /> <span>{t("require_rfid")}</span>
      </label>
    </Dialog>
  );
}
