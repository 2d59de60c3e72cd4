// Commissioning: the list of acceptance tests, or one of them.
import { useLocation, useRoute } from "preact-iso/router";
import { useState } from "preact/hooks";
import { call, can, getAll } from "../api.ts";
import { DataTable } from "../components/data_table.tsx";
import { Dialog } from "../components/dialog.tsx";
import { attempt } from "../components/inputs.tsx";
import { Card, Empty, Field, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { when } from "../format.ts";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { allChargers, now } from "../live.ts";
import { COMMISSIONING } from "../../i18n/admin/commissioning.ts";
import { OneCommissioning } from "./commissioning/one.tsx";
import type { CommissioningView } from "../types.ts";
import { countsOf, StateChip } from "./commissioning/state.tsx";

const t = messages(COMMISSIONING);

const POLL_MS = 5000;

/** Shows the list, or the commissioning in the address. */
export default function Commissioning() {
  const { params } = useRoute();
  const { query } = useLocation();
  if (params.id) return <OneCommissioning key={params.id} id={params.id} />;
  return <All charger_id={query.charger} />;
}

function All({ charger_id }: { charger_id: string | undefined }) {
  const load = () => getAll("/ocpp/commissioning/", {}, 500);
  const { value, error } = useLoad(load, [Math.floor(now.value / POLL_MS)]);
  const [beginning, setBeginning] = useState(charger_id !== undefined && can("admin"));
  return (
    <>
      <PageHead title={t("title")} text={t("text")}>
        {can("admin") && (
          <button type="button" class="btn primary" onClick={() => setBeginning(true)}>
            <Icon name="check" size={18} /> {t("begin")}
          </button>
        )}
      </PageHead>
      <LoadState loading={false} error={error} />
      <Card flush>
        {value?.length === 0 && <Empty icon="check">{t("none")}</Empty>}
        {value && value.length > 0 && <Table all={value} />}
      </Card>
      {beginning && <BeginDialog charger_id={charger_id} close={() => setBeginning(false)} />}
    </>
  );
}

function Table({ all }: { all: CommissioningView[] }) {
  return (
    <DataTable
      rows={all}
      keyOf={({ commissioning_id }) => commissioning_id}
      t={t}
      columns={{
        charger: ({ commissioning_id, charger_name, charger_id }) => (
          <a class="name" href={`/admin/commissioning/${commissioning_id}`}>
            <b>{charger_name || charger_id}</b>
          </a>
        ),
        date: ({ started_at }) => when(started_at),
        installer: ({ installer }) => installer,
        result: (one) => (
          <>
            <StateChip one={one} />
            <div class="small soft">{countsOf(one)}</div>
          </>
        ),
      }}
    />
  );
}

const NUMBERS = [["guided_s", 300], ["cut_s", 60], ["limit_a", 10], ["security_profile", 0]] as const;

function BeginDialog({ charger_id, close }: { charger_id: string | undefined; close: () => void }) {
  const { route } = useLocation();
  const connected = allChargers().filter((charger) => charger.connected);
  const run = async (
    { charger_id = "", installer, notes, connectors = "", ...fields }: Record<string, string>,
  ) => {
    const numbers = connectors.split(/[\s,]+/).filter(Boolean).map(Number);
    const body = {
      charger_id,
      installer,
      notes,
      ...(numbers.length ? { connectors: numbers } : {}),
      options: Object.fromEntries(NUMBERS.map(([name]) => [name, Number(fields[name])])),
    };
    await attempt(async () => {
      const { commissioning_id } = await call("POST", "/ocpp/commissioning/", body);
      route(`/admin/commissioning/${commissioning_id}`);
    });
  };
  if (connected.length === 0) {
    return (
      <Dialog title={t("begin")} close={close}>
        <p>{t("nobody")}</p>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t("begin")}
      close={close}
      submit={{ label: t("begin"), run: (fields) => void run(fields) }}
    >
      <div class="form">
        <Field label={t("charger")}>
          <select name="charger_id" defaultValue={charger_id ?? ""}>
            {connected.map(({ charger_id: id, name }) => (
              <option key={id} value={id} selected={id === charger_id}>
                {name ? `${name} (${id})` : id}
              </option>
            ))}
          </select>
        </Field>
        <Field label={t("installer")}>
          <input name="installer" maxlength={100} autocomplete="name" />
        </Field>
        <Field label={t("connectors")}>
          <input name="connectors" pattern="[0-9, ]*" />
        </Field>
        {NUMBERS.map(([name, fallback]) => (
          <Field key={name} label={t(name)}>
            <input name={name} type="number" min={0} step="any" defaultValue={fallback} required />
          </Field>
        ))}
        <Field label={t("notes")} wide>
          <textarea name="notes" maxlength={4000}></textarea>
        </Field>
      </div>
    </Dialog>
  );
}
