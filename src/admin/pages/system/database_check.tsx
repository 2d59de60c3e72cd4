// The card of the database check: its last result, and the values that it found damaged.
import { useState } from "preact/hooks";
import { at, call, can, get } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Card, LoadState, useLoad } from "../../components/parts.tsx";
import { number, when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import { now } from "../../live.ts";
import type { Damage, ScrubState } from "../../types.ts";
import { SYSTEM } from "../../../i18n/admin/system.ts";

const t = messages(SYSTEM);

const POLL_MS = 10_000;

/** Shows the database check. */
export function DatabaseCheck() {
  const { value, error, again } = useLoad(() => get("/ocpp/scrub/"), [Math.floor(now.value / POLL_MS)]);
  const run = () =>
    attempt(async () => {
      await call("POST", "/ocpp/scrub/", {});
      again();
    });
  const side = can("admin") && (
    <button
      type="button"
      class="btn small"
      disabled={value?.running ?? true}
      onClick={() => void run()}
    >
      {t("scrub_now")}
    </button>
  );
  return (
    <Card title={t("scrub")} side={side}>
      <LoadState loading={!value && !error} error={error} />
      {value && <p role="status">{sentenceOf(value)}</p>}
      {value && value.damages.length > 0 && (
        <div class="table-wrap" tabIndex={0}>
          <table>
            <tbody>
              {value.damages.map((damage) => <Row key={damage.id} damage={damage} again={again} />)}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function sentenceOf({ running, last }: ScrubState): string {
  if (running) return t("scrub_running");
  if (!last) return t("scrub_none");
  const { values, damaged, ended_at } = last;
  return t("scrub_done", { values: number(values), damaged: number(damaged), time: when(ended_at) });
}

function Row({ damage: { id, table, key, reason, found_at }, again }: { damage: Damage; again: () => void }) {
  const [asked, setAsked] = useState(false);
  const name = [table, ...key].join("/");
  const discard = () =>
    attempt(async () => {
      await call("DELETE", at("/ocpp/scrub/damages/{id}/", { id }));
      setAsked(false);
      again();
    });
  return (
    <tr>
      <td>
        <code>{name}</code>
      </td>
      <td class="soft">{reason}</td>
      <td class="soft">{when(found_at)}</td>
      <td class="num">
        {can("admin") && (
          <button type="button" class="btn small danger" onClick={() => setAsked(true)}>
            {t("discard")}
          </button>
        )}
        {asked && (
          <Dialog
            title={t("discard")}
            close={() => setAsked(false)}
            submit={{ label: t("discard"), danger: true, run: () => void discard() }}
          >
            <p>{t("discard_text", { name })}</p>
          </Dialog>
        )}
      </td>
    </tr>
  );
}
