// The waiting room: refused and pending connection attempts, and their admission.
import { useState } from "preact/hooks";
import { at, call, can, chargerPath, getAll } from "../api.ts";
import { AdoptButton, Adoption } from "../components/adopt_dialog.tsx";
import { Addresses } from "../components/addresses.tsx";
import { CertificateRequestLine } from "../components/certificate_request.tsx";
import { Dialog } from "../components/dialog.tsx";
import { attempt } from "../components/inputs.tsx";
import { Card, Empty, Field, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { useLive } from "../components/use_live.ts";
import { ago } from "../format.ts";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { allChargers, now, putCharger } from "../live.ts";
import type { ChargerView, ConnectionAttempt } from "../types.ts";
import { CERTIFICATE_REQUESTS } from "../../i18n/admin/certificate_requests.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { WAITING } from "../../i18n/admin/site.ts";

const t = messages(WAITING);
const shell = messages(SHELL);
const requests = messages(CERTIFICATE_REQUESTS);

const POLL_MS = 5000;

/** Shows the waiting room. */
export default function Waiting() {
  const load = () => getAll("/ocpp/waiting/", {}, 500);
  const { value, error, again } = useLoad(load, [Math.floor(now.value / POLL_MS)]);
  const pending = allChargers().filter(({ registration }) => registration === "Pending");
  const refused = value?.filter(({ accepted }) => !accepted) ?? [];
  const accepted = value?.filter(({ accepted }) => accepted) ?? [];
  return (
    <>
      <PageHead title={t("title")} text={t("text")} />
      <Card title={t("connect")}>
        <div class="stack tight">
          <Addresses />
          <p class="hint">{t("connect_text")}</p>
        </div>
      </Card>
      <Card title={t("pending")} flush>
        {pending.length === 0 ? <Empty icon="waiting">{t("nobody")}</Empty> : (
          <ul class="attention">
            {pending.map((charger) => <Pending key={charger.charger_id} charger={charger} />)}
          </ul>
        )}
      </Card>
      <Requests />
      <LoadState loading={false} error={error} />
      {refused.length > 0 && <Knocks title={t("refused")} knocks={refused} again={again} />}
      {accepted.length > 0 && <Knocks title={t("accepted")} knocks={accepted} again={again} />}
      <Adoption />
    </>
  );
}

/** The certificate requests that wait for approval. */
function Requests() {
  const { value, again } = useLive(
    () => getAll("/ocpp/certificate_requests/", {}, 500),
    { types: ["certificate_request"] },
    [],
  );
  if (!value?.length) return null;
  return (
    <Card title={requests("title", { n: value.length })} flush>
      {value.map((request) => (
        <CertificateRequestLine key={request.charger_id} request={request} named decided={again} />
      ))}
    </Card>
  );
}

/** A charger that waits, with the buttons that admit or reject it. */
export function Pending({ charger }: { charger: ChargerView }) {
  const { charger_id, vendor, model, remote_address, created_at } = charger;
  const decide = (registration: string) =>
    attempt(async () => putCharger(await call("PATCH", chargerPath(charger_id), { registration })));
  return (
    <li class="row between pending-line">
      <span class="grow">
        <a class="name" href={`/admin/chargers/${encodeURIComponent(charger_id)}`}>
          <b>{charger_id}</b>
        </a>
        <span class="small soft">
          {[vendor, model, remote_address, ago(created_at)].filter(Boolean).join(" · ")}
        </span>
      </span>
      {can("admin") && (
        <span class="row">
          <button type="button" class="btn small" onClick={() => void decide("Rejected")}>
            {t("reject")}
          </button>
          <AdoptButton charger_id={charger_id} />
        </span>
      )}
    </li>
  );
}

function Knocks({ title, knocks, again }: { title: string; knocks: ConnectionAttempt[]; again: () => void }) {
  return (
    <Card title={title} flush>
      <div class="table-wrap">
        <table class="cards-on-phone">
          <thead>
            <tr>
              <th>{t("charger")}</th>
              <th>{t("address")}</th>
              <th>{t("reason")}</th>
              <th>{t("last")}</th>
              <td></td>
            </tr>
          </thead>
          <tbody>{knocks.map((knock) => <Row key={knock.knock_id} knock={knock} again={again} />)}</tbody>
        </table>
      </div>
    </Card>
  );
}

function Row({ knock, again }: { knock: ConnectionAttempt; again: () => void }) {
  const { knock_id, charger_id, path, address, protocols, credentials, accepted, reason, last_at, count } =
    knock;
  const [asking, setAsking] = useState(false);
  const decide = (body: Record<string, unknown>) =>
    attempt(() => call("POST", at("/ocpp/waiting/{knock_id}/", { knock_id }), body)).then((done) => {
      if (done) setAsking(false);
      again();
    });
  return (
    <tr>
      <td class="wide">
        <b>{charger_id ?? t("no_id")}</b>
        <div class="small soft mono">{path}</div>
      </td>
      <td>
        {address}
        <div class="small soft">{protocols ?? "–"} · {credentials}</div>
      </td>
      <td class="wide">
        {reason}
        <div class="small soft">{t("times", { n: count })}</div>
      </td>
      <td class="soft">{ago(last_at)}</td>
      <td class="num wide">
        {charger_id !== null && !accepted && can("admin") && (
          <>
            <button type="button" class="btn small" onClick={() => void decide({ action: "reject" })}>
              {t("reject")}
            </button>{" "}
            <button type="button" class="btn small" onClick={() => setAsking(true)}>{t("password")}</button>
            {" "}
            <button type="button" class="btn small primary" onClick={() => void decide({ action: "adopt" })}>
              {t("adopt")}
            </button>
          </>
        )}
        {can("admin") && (
          <button
            type="button"
            class="btn small quiet icon-only"
            aria-label={t("forget")}
            onClick={() =>
              void attempt(() => call("DELETE", at("/ocpp/waiting/{knock_id}/", { knock_id }))).then(again)}
          >
            <Icon name="trash" size={17} />
          </button>
        )}
        {asking && (
          <Dialog
            title={`${t("password")} · ${charger_id}`}
            close={() => setAsking(false)}
            submit={{
              label: shell("save"),
              run: ({ password }) => void decide({ action: "set_password", password }),
            }}
          >
            <p class="soft">{t("password_text")}</p>
            <Field label={t("password")}>
              <input
                name="password"
                required
                minlength={1}
                maxlength={40}
                autocomplete="new-password"
                autofocus
              />
            </Field>
          </Dialog>
        )}
      </td>
    </tr>
  );
}
