// The tables of reservations, charging limits and jobs.
import { useLocation } from "preact-iso/router";
import { at, can, chargerPath, get } from "../../api.ts";
import { CommandButton } from "../../components/command_button.tsx";
import { connectorName, type Tone } from "../../components/status.tsx";
import { wordOf } from "../../components/word.tsx";
import { useLive } from "../../components/use_live.ts";
import { number, shortTime, when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import type { InstalledProfile, Job, Reservation } from "../../types.ts";
import { OCPP_STATE } from "../../../i18n/admin/ocpp_state.ts";
import { JOBS } from "../../../i18n/admin/jobs.ts";
import { chargerColumn, StateList, type Whose } from "./state_list.tsx";

const t = messages(OCPP_STATE);
const job_text = messages(JOBS);

const TONES: Record<string, Tone> = {
  active: "green",
  running: "blue",
  done: "green",
  failed: "red",
  refused: "red",
};

/** The state of a job or reservation as a chip. */
export function JobState({ state }: { state: string }) {
  return <span class={`chip tone-${TONES[state] ?? "grey"}`}>{t(state as "active")}</span>;
}

/** A text, on a charger's Expert tab with OCPP's own name beside it. */
export function WithOcppName({ ours, ocpp }: { ours: string; ocpp: string }) {
  const expert = useLocation().path.endsWith("/ocpp");
  return (
    <>
      {ours} {expert && <small class="soft">{ocpp}</small>}
    </>
  );
}

/** The reservations. */
export function Reservations(whose: Whose) {
  return (
    <StateList
      {...whose}
      name="reservations"
      load={(limit) =>
        whose.charger
          ? get(
            at("/ocpp/chargers/{charger_id}/reservations/", { charger_id: whose.charger.charger_id }, {
              limit,
            }),
          )
          : get(at("/ocpp/reservations/", {}, { limit }))}
      rowsOf={({ reservations }) => reservations}
      types={["reservation"]}
      keyOf={(row) => row.charger_id + row.reservation_id}
      commands={["reserve"]}
      columns={{
        ...chargerColumn<Reservation>(whose),
        connector: (row) => connectorName(row.connector_id),
        card: (row) => <code>{row.id_tag}</code>,
        until: (row) => when(row.expires_at),
        state: ({ state, reason }) => (
          <>
            <JobState state={state} /> {reason}
          </>
        ),
        "": ({ charger_id, state, reservation_id, connector_id, id_tag }) =>
          state === "active" && (
            <CommandButton
              charger_id={charger_id}
              action="cancel_reservation"
              payloads={[{ reservationId: reservation_id }]}
              label={t("cancel")}
              of={id_tag}
              ask={t("cancel_ask", { tag: id_tag, connector: connectorName(connector_id) })}
            />
          ),
      }}
    />
  );
}

/** The charging profiles as limits. */
export function Limits({ charger }: Required<Whose>) {
  const clear = { charger_id: charger.charger_id, action: "clear_charging_profile" };
  return (
    <StateList
      charger={charger}
      name="profiles"
      load={(limit) =>
        get(at("/ocpp/chargers/{charger_id}/profiles/", { charger_id: charger.charger_id }, { limit }))}
      rowsOf={({ profiles }) => profiles}
      types={["profiles"]}
      keyOf={(row) => row.profile.chargingProfileId}
      commands={["limit", "composite"]}
      side={
        <CommandButton
          {...clear}
          payloads={[{}]}
          label={t("clear_all")}
          ask={t("clear_all_ask")}
          icon="trash"
        />
      }
      columns={{
        connector: (row) => connectorName(row.connector_id),
        limit: (row) => <b>{limitText(row)}</b>,
        for: ({ profile: { chargingProfilePurpose: purpose }, transaction_id }) => (
          <WithOcppName ours={t(purpose, { id: transaction_id ?? "" })} ocpp={purpose} />
        ),
        until: ({ profile: { validTo } }) => validTo ? when(validTo) : t("removed"),
        "": (row) => (
          <CommandButton
            {...clear}
            payloads={[{ id: row.profile.chargingProfileId }]}
            label={t("clear")}
            of={limitText(row)}
            ask={t("clear_ask")}
          />
        ),
      }}
    />
  );
}

/** Returns "16 A", or the range of a limit that changes with time. */
export function limitText({ profile: { chargingSchedule: schedule } }: InstalledProfile): string {
  const limits = schedule.chargingSchedulePeriod.map(({ limit }) => limit);
  const ends = [...new Set([Math.min(...limits), Math.max(...limits)])];
  return `${ends.map((limit) => number(limit, limit % 1 ? 1 : 0)).join(" – ")} ${schedule.chargingRateUnit}`;
}

/** The jobs: firmware updates and uploads. */
export function Jobs(whose: Whose) {
  return (
    <StateList
      {...whose}
      name="jobs"
      load={(limit) =>
        whose.charger
          ? get(at("/ocpp/chargers/{charger_id}/jobs/", { charger_id: whose.charger.charger_id }, { limit }))
          : get(at("/ocpp/jobs/", {}, { limit }))}
      rowsOf={({ jobs }) => jobs}
      types={["job", "file"]}
      keyOf={(row) => row.job_id}
      commands={["firmware", "diagnostics"]}
      columns={{
        ...chargerColumn<Job>(whose),
        what: ({ action }) => <WithOcppName ours={job_text(action)} ocpp={action} />,
        state: (row) => <JobState state={row.state} />,
        progress: Progress,
        began: (row) => shortTime(row.created_at),
        ended: (row) => shortTime(row.ended_at),
        file: FileLink,
      }}
    />
  );
}

/** The charger's last status of a job, and all of them when opened. */
function Progress({ history }: Job) {
  return history.length > 0 && (
    <details>
      <summary>{statusText(history.at(-1)!.status)}</summary>
      {history.map(({ at, status }) => (
        <div key={at + status} class="small">
          {shortTime(at)} <WithOcppName ours={statusText(status)} ocpp={status} />
        </div>
      ))}
    </details>
  );
}

/** The state of a charger's newest firmware update. */
export function FirmwareProgress({ charger_id }: { charger_id: string }) {
  const { value } = useLive(
    () => get(at("/ocpp/chargers/{charger_id}/jobs/", { charger_id }, { limit: 20 })),
    { types: ["job"], charger_id },
    [charger_id],
  );
  const job = value?.jobs.find(({ action }) => /Firmware/.test(action));
  if (!job) return <>–</>;
  return (
    <>
      <JobState state={job.state} /> {statusText(job.history.at(-1)?.status ?? "")}
    </>
  );
}

/** Returns the text of a job's status. */
export function statusText(status: string): string {
  return wordOf("job", status);
}

/** The uploaded file, or the name of the firmware. */
function FileLink({ charger_id, file, location, action }: Job) {
  if (file && can("operator")) {
    const path = `${chargerPath(charger_id)}files/${encodeURIComponent(file)}`;
    return <a href={path} download={file}>{t("download")}</a>;
  }
  return /Firmware/.test(action) ? decodeURIComponent(location.split("/").at(-1)!) : "–";
}
