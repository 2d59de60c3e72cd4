// Printable labels: QR code, id in large type, a line of help.
import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";
import { Check, Segmented } from "../components/inputs.tsx";
import { Card, Field, PageHead } from "../components/parts.tsx";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { allChargers, settings } from "../live.ts";
import type { ChargerView } from "../types.ts";
import { LABELS } from "../../i18n/admin/labels.ts";
import { isLocal } from "./charger/label_tab.tsx";

const t = messages(LABELS);

const A_SHEET = { ten: 10, one: 1 } as const;

/** Shows the labels. */
export default function Labels() {
  const { query } = useLocation();
  const [paper, setPaper] = useState<"letter" | "a4">("letter");
  const [layout, setLayout] = useState<keyof typeof A_SHEET>(query.id ? "one" : "ten");
  const [help, setHelp] = useState(t("help_default"));
  const [left_out, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const all = allChargers().filter(({ charger_id }) => !query.id || charger_id === query.id);
  const chosen = all.filter(({ charger_id }) => !left_out.has(charger_id));
  const sheets = Array.from(
    { length: Math.ceil(chosen.length / A_SHEET[layout]) },
    (_, index) => chosen.slice(index * A_SHEET[layout], (index + 1) * A_SHEET[layout]),
  );
  return (
    <>
      <PageHead title={t("title")} text={t("text")}>
        <button type="button" class="btn primary" onClick={() => print()}>
          <Icon name="print" size={18} /> {t("print")}
        </button>
      </PageHead>
      {all[0] && isLocal(all[0].landing_url) && <p class="answer tone-amber no-print">{t("local_warning")}
      </p>}
      <div class="no-print">
        <Card>
          <div class="stack">
            <div class="row">
              <Segmented value={paper} set={setPaper} options={[["letter", t("letter")], ["a4", t("a4")]]} />
              <Segmented value={layout} set={setLayout} options={[["ten", t("ten")], ["one", t("one")]]} />
            </div>
            <Field label={t("help")} hint={t("print_hint")}>
              <input value={help} maxlength={120} onInput={(event) => setHelp(event.currentTarget.value)} />
            </Field>
            {!query.id && <Choice all={all} left_out={left_out} set={setLeftOut} />}
          </div>
        </Card>
      </div>
      <div class="sheet-scroll" tabIndex={0}>
        {sheets.map((labels, index) => (
          <div key={index} class={`sheet ${layout} ${paper}`}>
            {labels.map((charger) => <Label key={charger.charger_id} charger={charger} help={help} />)}
          </div>
        ))}
      </div>
    </>
  );
}

interface ChoiceProps {
  all: ChargerView[];
  left_out: ReadonlySet<string>;
  set: (left_out: ReadonlySet<string>) => void;
}

function Choice({ all, left_out, set }: ChoiceProps) {
  const toggle = (id: string, chosen: boolean) => {
    const changed = new Set(left_out);
    if (chosen) changed.delete(id);
    else changed.add(id);
    set(changed);
  };
  return (
    <details>
      <summary>{t("which")} ({all.length - left_out.size})</summary>
      <div class="row">
        <button type="button" class="btn small" onClick={() => set(new Set())}>{t("all")}</button>
        <button
          type="button"
          class="btn small"
          onClick={() => set(new Set(all.map(({ charger_id }) => charger_id)))}
        >
          {t("none")}
        </button>
        {all.map(({ charger_id, name }) => (
          <Check
            key={charger_id}
            label={name || charger_id}
            checked={!left_out.has(charger_id)}
            set={(value) => toggle(charger_id, value)}
          />
        ))}
      </div>
    </details>
  );
}

function Label({ charger: { charger_id, name, landing_url }, help }: { charger: ChargerView; help: string }) {
  return (
    <div class="sticker">
      <img src={`/ocpp/c/${encodeURIComponent(charger_id)}/qr.svg`} alt={t("alt", { url: landing_url })} />
      <div>
        <b class={(name || charger_id).length > 12 ? "long" : ""}>{name || charger_id}</b>
        {name && <div class="id">{charger_id}</div>}
        <p>{help}</p>
        {settings.value?.name && <p>{settings.value.name}</p>}
        <p class="url">{landing_url}</p>
      </div>
    </div>
  );
}
