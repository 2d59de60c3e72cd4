// Simulated chargers.
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { attempt, Check } from "../components/inputs.tsx";
import { Card, Empty, Field, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { SimBadge, StatusChip } from "../components/status.tsx";
import { Icon } from "../icons.tsx";
import { words } from "../i18n.ts";
import { now } from "../live.ts";
import { findSimulated } from "../simulated.ts";
import type { Simulator } from "../types.ts";
import { SIMULATORS } from "../words/simulators.ts";

const t = words(SIMULATORS);

const POLL_MS = 3000;

function pathOf(name: string): string {
  return `/ocpp/simulators/${encodeURIComponent(name)}/`;
}

/** The page. */
export default function Simulators() {
  const { value, error, again } = useLoad(findSimulated, [Math.floor(now.value / POLL_MS)]);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<string | null>(null);
  const close = () => {
    setAdding(false);
    setRemoving(null);
    again();
  };
  const act = (name: string, action: string) =>
    attempt(() => call("POST", `${pathOf(name)}action/`, { action })).then(again);
  return (
    <>
      <PageHead title={t("title")} text={t("text")}>
        <button type="button" class="btn primary" onClick={() => setAdding(true)}>
          <Icon name="plus" size={18} /> {t("add")}
        </button>
      </PageHead>
      <LoadState loading={false} error={error} />
      {value?.length === 0 && (
        <Card>
          <Empty icon="simulators">{t("none")}</Empty>
        </Card>
      )}
      <div class="connectors">
        {value?.map((one) => (
          <Entry
            key={one.name}
            simulator={one}
            act={act}
            remove={() => setRemoving(one.name)}
          />
        ))}
      </div>
      {adding && <AddDialog number={(value?.length ?? 0) + 1} close={close} />}
      {removing !== null && <RemoveDialog name={removing} close={close} />}
    </>
  );
}

interface EntryProps {
  simulator: Simulator;
  act: (name: string, action: string) => Promise<void>;
  remove: () => void;
}

function Entry({ simulator, act, remove }: EntryProps) {
  const { name, host, ws_port, charger_id, running, error } = simulator;
  return (
    <section class={`card connector tone-${running ? "violet" : "grey"}`}>
      <div class="row between">
        <h2>
          {name} <SimBadge />
        </h2>
        <StatusChip status={running ? "Available" : "Unavailable"}>
          {running ? t("running") : t("halted")}
        </StatusChip>
      </div>
      <p class="small soft">{t("here", { host, port: ws_port, id: charger_id })}</p>
      {error && <p class="answer tone-red">{String(error)}</p>}
      <div class="row">
        <button type="button" class="btn small" onClick={() => void act(name, running ? "stop" : "start")}>
          <Icon name={running ? "stop" : "play"} size={16} /> {running ? t("stop") : t("start")}
        </button>
        <button type="button" class="btn small quiet" onClick={remove} aria-label={`${t("remove")} ${name}`}>
          <Icon name="trash" size={16} /> {t("remove")}
        </button>
      </div>
    </section>
  );
}

const NUMBERS = [["connectors", 1], ["duration", 600], ["kwh_min", 10], ["kwh_max", 30], [
  "interval",
  5,
]] as const;

function AddDialog({ number, close }: { number: number; close: () => void }) {
  const [repeat, setRepeat] = useState(true);
  const run = async ({ name = "", charger_id = "", rfid, ...fields }: Record<string, string>) => {
    const numbers = Object.fromEntries(NUMBERS.map(([key]) => [key, Number(fields[key])]));
    const host = location.hostname.replace(/^\[|\]$/g, "");
    const ws_port = Number(location.port) || (location.protocol === "https:" ? 443 : 80);
    const tls = location.protocol === "https:" ? { tls: true, tls_insecure: true } : {};
    const body = {
      name,
      cp_path: encodeURIComponent(charger_id),
      rfid,
      repeat,
      host,
      ws_port,
      ...tls,
      ...numbers,
    };
    const made = await attempt(async () => {
      await call("POST", "/ocpp/simulators/", body);
      await call("POST", `${pathOf(name)}action/`, { action: "start" });
    });
    if (made) close();
  };
  return (
    <Dialog
      title={t("add")}
      close={close}
      submit={{ label: t("start"), run: (fields) => void run(fields) }}
    >
      <div class="form">
        <Field label={t("name")}>
          <input name="name" required maxlength={64} defaultValue={t("new_name", { n: number })} autofocus />
        </Field>
        <Field label={t("charger_id")}>
          <input name="charger_id" required maxlength={64} defaultValue={`SIM-${number}`} />
        </Field>
        <Field label={t("rfid")}>
          <input name="rfid" maxlength={20} defaultValue="FFFFFFFF" />
        </Field>
        {NUMBERS.map(([key, fallback]) => (
          <Field key={key} label={t(key)}>
            <input name={key} type="number" min={1} step="any" defaultValue={fallback} required />
          </Field>
        ))}
      </div>
      <Check label={t("repeat")} checked={repeat} set={setRepeat} />
    </Dialog>
  );
}

function RemoveDialog({ name, close }: { name: string; close: () => void }) {
  const run = async () => {
    if (await attempt(() => call("DELETE", pathOf(name)))) close();
  };
  return (
    <Dialog
      title={`${t("remove")}: ${name}`}
      close={close}
      submit={{ label: t("remove"), danger: true, run: () => void run() }}
    >
      <p>{t("remove_text", { name })}</p>
    </Dialog>
  );
}
