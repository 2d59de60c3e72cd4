// The site's plan: upload, replacement, deletion.
import { useRef, useState } from "preact/hooks";
import { call, can, send } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Card, Empty } from "../../components/parts.tsx";
import { pictureOf } from "../../drawing.ts";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import { MAP } from "../../../i18n/admin/map.ts";

const t = messages(MAP);
const PLAN = "/ocpp/plan/";

interface PlanProps {
  changed: () => void;
}

/** The placeholder for a site without a plan. */
export function NoPlan({ changed }: PlanProps) {
  return (
    <Card>
      <Empty icon="map">
        <p>{t("no_plan")}</p>
        {can("admin") && <Upload label={t("upload")} changed={changed} />}
      </Empty>
    </Card>
  );
}

/** The buttons of the current plan. */
export function PlanButtons({ changed }: PlanProps) {
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    if (await attempt(() => call("DELETE", PLAN))) changed();
    setAsking(false);
  };
  return (
    <>
      <Upload label={t("replace")} changed={changed} />
      <button type="button" class="btn danger" onClick={() => setAsking(true)}>
        <Icon name="trash" size={18} /> {t("remove")}
      </button>
      {asking && (
        <Dialog
          title={t("remove")}
          close={() => setAsking(false)}
          submit={{ label: t("remove"), danger: true, run: () => void remove() }}
        >
          <p>{t("remove_text")}</p>
        </Dialog>
      )}
    </>
  );
}

function Upload({ label, changed }: PlanProps & { label: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const upload = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    if (await attempt(async () => send("PUT", PLAN, await pictureOf(file), {}), t("uploaded"))) changed();
    setBusy(false);
    if (input.current) input.current.value = ""; // so that the same file can be chosen again
  };
  return (
    <>
      <button type="button" class="btn" disabled={busy} onClick={() => input.current?.click()}>
        <Icon name="upload" size={18} /> {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/png,image/jpeg,image/webp,image/svg+xml"
        onChange={(event) => void upload(event.currentTarget.files?.[0])}
      />
    </>
  );
}
