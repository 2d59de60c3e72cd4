// The tab with a charger's OCPP state: reservations, limits, jobs, cards, certificates, security events, files.
import { at, call, can, get } from "../../api.ts";
import { ActionButton } from "../../components/action_button.tsx";
import { CertificateRequestLine } from "../../components/certificate_request.tsx";
import { CommandButton } from "../../components/command_button.tsx";
import { number, when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import type { CertificateHash, Certificates, ChargerView, LocalList } from "../../types.ts";
import { OCPP_STATE } from "../../../i18n/admin/ocpp_state.ts";
import { StateList } from "../ocpp_state/state_list.tsx";
import { Jobs, Limits, Reservations, WithOcppName } from "../ocpp_state/lists.tsx";

const t = messages(OCPP_STATE);

interface Of {
  charger: ChargerView;
}

const LISTS = [Reservations, Limits, Jobs, Cards, CertificateList, SecurityList];

/** Shows the OCPP state. */
export function OcppTab({ charger }: Of) {
  return (
    <>
      {LISTS.map((List) => <List key={List} charger={charger} />)}
      {can("operator") && <Files charger={charger} />}
    </>
  );
}

/** The charger's local authorization list. */
function Cards({ charger }: Of) {
  return (
    <StateList
      charger={charger}
      name="local_list"
      types={["local_list"]}
      load={() => get(at("/ocpp/chargers/{charger_id}/local_list/", { charger_id: charger.charger_id }))}
      rowsOf={({ tags }) => Object.entries(tags)}
      keyOf={([tag]) => tag}
      head={(body) => <p class="pad">{listText(body)}</p>}
      side={
        <CommandButton
          charger_id={charger.charger_id}
          action="send_local_list"
          payloads={[{ updateType: "Full" }]}
          label={t("send_list")}
          icon="upload"
        />
      }
      columns={{
        card: ([tag]) => <code>{tag}</code>,
        state: ([, info]) => t(info === "" ? "Accepted" : JSON.parse(info).status),
      }}
    />
  );
}

function listText({ supported, known, version, tags, updated_at }: LocalList): string {
  if (!supported) return t("list_unsupported");
  if (!updated_at) return t("list_never");
  const text = t("list_now", { version, n: Object.keys(tags).length, at: when(updated_at) });
  return known ? text : `${text} ${t("list_unknown")}`;
}

/** An installed root or an issued certificate. */
interface ListedCertificate {
  kind: string;
  serial: string;
  ends?: string;
  root?: CertificateHash;
}

const ROOTS = ["CentralSystemRootCertificate", "ManufacturerRootCertificate"];

function CertificateList({ charger }: Of) {
  return (
    <StateList
      charger={charger}
      name="certificates"
      types={["certificates", "certificate_request"]}
      head={({ request }) => request && <CertificateRequestLine request={request} />}
      load={() => get(at("/ocpp/chargers/{charger_id}/certificates/", { charger_id: charger.charger_id }))}
      rowsOf={certificatesIn}
      keyOf={(row) => row.kind + row.serial}
      side={
        <CommandButton
          charger_id={charger.charger_id}
          action="get_installed_certificate_ids"
          payloads={ROOTS.map((certificateType) => ({ certificateType }))}
          label={t("ask_certificates")}
          icon="reset"
        />
      }
      columns={{
        what: ({ kind }) => <WithOcppName ours={t(kind as "own")} ocpp={kind === "own" ? "" : kind} />,
        serial: (row) => <code>{row.serial}</code>,
        until: (row) => when(row.ends),
        "": ({ root: certificateHashData, serial }) =>
          certificateHashData && (
            <CommandButton
              charger_id={charger.charger_id}
              action="delete_certificate"
              payloads={[{ certificateHashData, confirm: true }]}
              label={t("delete")}
              of={serial}
              ask={t("certificate_ask")}
            />
          ),
      }}
    />
  );
}

function certificatesIn({ roots, issued }: Certificates): ListedCertificate[] {
  return [
    ...Object.entries(roots).flatMap(([kind, list]) =>
      list.map((root) => ({ kind, serial: root.serialNumber, root }))
    ),
    ...issued.filter(({ status }) => status !== "Rejected").map(({ serial_number, not_after }) => ({
      kind: "own",
      serial: serial_number,
      ends: not_after,
    })),
  ];
}

function SecurityList({ charger }: Of) {
  return (
    <StateList
      charger={charger}
      name="security_events"
      load={(limit) =>
        get(
          at("/ocpp/chargers/{charger_id}/security_events/", { charger_id: charger.charger_id }, { limit }),
        )}
      rowsOf={({ security_events }) => security_events}
      types={["security"]}
      keyOf={(row) => row.sequence}
      columns={{
        when: (row) => when(row.at),
        what: (row) => <b>{row.type}</b>,
        details: (row) => <span lang="en">{row.tech_info ?? "–"}</span>,
        told_by: (row) => t(`by_${row.source}`),
      }}
    />
  );
}

/** The files that the charger has uploaded. */
function Files({ charger }: Of) {
  const { charger_id } = charger;
  const pathOf = (name: string) => at("/ocpp/chargers/{charger_id}/files/{name}", { charger_id, name });
  return (
    <StateList
      charger={charger}
      name="files"
      load={() => get(at("/ocpp/chargers/{charger_id}/files/", { charger_id }))}
      rowsOf={({ files }) => files}
      types={["file", "file_deleted"]}
      keyOf={(row) => row.name}
      columns={{
        file: ({ name }) => <a href={pathOf(name)} download={name}>{name}</a>,
        size: (row) => `${number(row.size / 1000, 1)} kB`,
        when: (row) => when(row.at),
        "": ({ name }) => (
          <ActionButton
            label={t("delete")}
            of={name}
            ask={t("delete_ask", { name })}
            run={() => call("DELETE", pathOf(name))}
          />
        ),
      }}
    />
  );
}
