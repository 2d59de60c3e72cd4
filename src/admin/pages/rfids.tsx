// The RFID cards.
import { useEffect, useState } from "preact/hooks";
import { at, authHeaders, call, can, getAll } from "../api.ts";
import { ActionButton } from "../components/action_button.tsx";
import { attempt, saveFile, Search } from "../components/inputs.tsx";
import { Card, Empty, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { ago, when } from "../format.ts";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { generation, onLive } from "../live.ts";
import type { Rfid } from "../types.ts";
import { RFIDS } from "../../i18n/admin/rfids.ts";
import { EnrolDialog } from "./rfids/enrol.tsx";
import { ImportDialog } from "./rfids/import.tsx";
import { RfidDialog } from "./rfids/dialogs.tsx";

const t = messages(RFIDS);

type Open = { kind: "edit"; rfid: Rfid } | { kind: "add"; tag?: string } | { kind: "enrol" } | {
  kind: "import";
};

/** Shows the cards. */
export default function Rfids() {
  const { value, loading, error, again } = useLoad(() => getAll("/ocpp/rfids/", {}, 100_000), [
    generation.value,
  ]);
  const [text, setText] = useState("");
  const [open, setOpen] = useState<Open | null>(null);
  useEffect(() => onLive(({ type }) => (type === "rfid" || type === "rfid_deleted") && again()), []);
  const all = value ?? [];
  const found = all.filter(({ rfid, label, parent_id_tag }) =>
    `${rfid} ${label} ${parent_id_tag}`.toLowerCase().includes(text.toLowerCase())
  );
  const close = () => {
    setOpen(null);
    again();
  };
  return (
    <>
      <PageHead
        title={t("title")}
        text={value && t("count", { n: all.length, blocked: all.filter(({ allowed }) => !allowed).length })}
      >
        <button type="button" class="btn" onClick={() => void attempt(saveCsv)}>
          <Icon name="download" size={18} /> {t("export")}
        </button>
        {can("operator") && (
          <>
            <button type="button" class="btn" onClick={() => setOpen({ kind: "import" })}>
              <Icon name="upload" size={18} /> {t("import")}
            </button>
            <button type="button" class="btn" onClick={() => setOpen({ kind: "enrol" })}>
              <Icon name="tags" size={18} /> {t("enrol")}
            </button>
            <button type="button" class="btn primary" onClick={() => setOpen({ kind: "add" })}>
              <Icon name="plus" size={18} /> {t("add")}
            </button>
          </>
        )}
      </PageHead>
      <Search value={text} set={setText} />
      <Card flush>
        {value && found.length === 0
          ? <Empty icon="tags">{t("none")}</Empty>
          : <Table found={found.slice(0, 500)} open={setOpen} again={again} />}
        <LoadState loading={loading && !value} error={error} />
      </Card>
      {open?.kind === "add" && <RfidDialog tag={open.tag} close={close} />}
      {open?.kind === "edit" && <RfidDialog known={open.rfid} close={close} />}
      {open?.kind === "enrol" && (
        <EnrolDialog
          known={all}
          found={(tag) => setOpen({ kind: "add", tag })}
          close={close}
        />
      )}
      {open?.kind === "import" && <ImportDialog close={close} />}
    </>
  );
}

async function saveCsv(): Promise<void> {
  const answer = await fetch("/ocpp/rfids/?format=csv", { headers: authHeaders() });
  saveFile("rfids.csv", await answer.blob());
}

interface TableProps {
  found: Rfid[];
  open: (open: Open) => void;
  again: () => void;
}

function Table({ found, open, again }: TableProps) {
  return (
    <div class="table-wrap">
      <table class="cards-on-phone">
        <thead>
          <tr>
            <th>{t("rfid")}</th>
            <th>{t("label")}</th>
            <th>{t("allowed")}</th>
            <th>{t("expires")}</th>
            <th>{t("seen")}</th>
            <th></th>
          </tr>
        </thead>
        <tbody>{found.map((rfid) => <Row key={rfid.rfid} rfid={rfid} open={open} again={again} />)}</tbody>
      </table>
    </div>
  );
}

function Row({ rfid, open, again }: { rfid: Rfid; open: (open: Open) => void; again: () => void }) {
  const { rfid: tag, label, allowed, expires_at, parent_id_tag, last_seen, last_charger_id } = rfid;
  const toggle = () =>
    attempt(() => call("PATCH", at("/ocpp/rfids/{rfid}/", { rfid: tag }), { allowed: !allowed })).then(again);
  return (
    <tr>
      <td class="wide">
        <code>
          <b>{tag}</b>
        </code>
        {parent_id_tag && <div class="small soft">{t("group")}: {parent_id_tag}</div>}
      </td>
      <td>{label || <span class="soft">–</span>}</td>
      <td>
        <RfidState rfid={rfid} />
      </td>
      <td class="soft" data-label={t("expires")}>{expires_at ? when(expires_at) : t("never")}</td>
      <td class="soft wide">{last_seen ? `${ago(last_seen)} · ${last_charger_id ?? ""}` : "–"}</td>
      <td class="num wide">
        <a class="btn small quiet" href={`/admin/sessions?id_tag=${encodeURIComponent(tag)}`}>
          {t("sessions")}
        </a>
        {can("operator") && (
          <>
            <button type="button" class="btn small" onClick={() => void toggle()}>
              {allowed ? t("block") : t("allow")}
            </button>{" "}
            <button
              type="button"
              class="btn small icon-only quiet"
              aria-label={`${t("edit")} ${tag}`}
              onClick={() => open({ kind: "edit", rfid })}
            >
              <Icon name="edit" size={17} />
            </button>
            <ActionButton
              role="operator"
              look="quiet icon-only"
              icon="trash"
              label={t("remove")}
              of={tag}
              ask={t("remove_text", { rfid: tag })}
              run={() => call("DELETE", at("/ocpp/rfids/{rfid}/", { rfid: tag })).then(again)}
            />
          </>
        )}
      </td>
    </tr>
  );
}

function RfidState({ rfid: { allowed, expires_at } }: { rfid: Rfid }) {
  const expired = expires_at !== null && Date.parse(expires_at) < Date.now();
  const [tone, icon, text] = !allowed
    ? ["red", "close", t("blocked")] as const
    : expired
    ? ["amber", "waiting", t("expired")] as const
    : ["green", "check", t("allowed")] as const;
  return (
    <span class={`chip tone-${tone}`}>
      <Icon name={icon} size={16} />
      {text}
    </span>
  );
}
