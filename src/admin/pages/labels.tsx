// The choice of what is printed on labels; the sheets are a document of their own.
import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";
import { LABEL_STOCKS, labelsOf, type StockName } from "../../http/pages/label_stocks.ts";
import { at } from "../api.ts";
import { Check } from "../components/inputs.tsx";
import { Card, Field, PageHead } from "../components/parts.tsx";
import { Icon } from "../icons.tsx";
import { language, messages, remember } from "../i18n.ts";
import { allChargers } from "../live.ts";
import type { ChargerView } from "../types.ts";
import { LABELS } from "../../i18n/admin/labels.ts";
import { isLocal } from "./charger/label_tab.tsx";

const t = messages(LABELS);
/** Set in this browser once somebody has opened the sheets. */
export const LABELS_PRINTED = "labels_printed";
const STOCKS = Object.keys(LABEL_STOCKS) as StockName[];

/** Shows the choice. The address may name the chargers: `?id=CP1` or `?chargers=CP1,CP2`. */
export default function Labels() {
  const { query } = useLocation();
  const named = query.id ? [query.id] : query.chargers?.split(",");
  const [stock, setStock] = useState<StockName>(named?.length === 1 ? "a4-1" : "a4-10");
  const [start, setStart] = useState(1);
  const [marks, setMarks] = useState<boolean | null>(null);
  const [help, setHelp] = useState(t("help_default"));
  const [left_out, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const all = allChargers().filter(({ charger_id }) => !named || named.includes(charger_id));
  const chosen = all.filter(({ charger_id }) => !left_out.has(charger_id));
  const most = labelsOf(LABEL_STOCKS[stock]);
  const cut = marks ?? !("brand" in LABEL_STOCKS[stock]);
  const sheets = at("/ocpp/labels/", {}, {
    ...chosen.length === all.length && !named
      ? {}
      : { chargers: chosen.map(({ charger_id }) => charger_id).join(",") },
    stock,
    start: Math.min(start, most),
    marks: cut ? "true" : "false",
    help,
    lang: language.value,
  });
  return (
    <>
      <PageHead title={t("title")} text={t("text")}>
        {chosen.length > 0 && (
          <a
            class="btn primary"
            href={sheets}
            target="_blank"
            rel="noreferrer"
            onClick={() => remember(LABELS_PRINTED, "1")}
          >
            <Icon name="print" size={18} /> {t("print")}
          </a>
        )}
      </PageHead>
      {all[0] && isLocal(all[0].landing_url) && <p class="answer tone-amber">{t("local_warning")}</p>}
      <Card>
        <div class="stack">
          <div class="form">
            <Field label={t("paper")}>
              <select value={stock} onChange={(event) => setStock(event.currentTarget.value as StockName)}>
                {STOCKS.map((name) => <option key={name} value={name}>{stockText(name)}</option>)}
              </select>
            </Field>
            {most > 1 && (
              <Field label={t("start")} hint={t("start_hint", { n: most })}>
                <input
                  type="number"
                  min={1}
                  max={most}
                  value={Math.min(start, most)}
                  onInput={(event) =>
                    setStart(Math.max(1, Math.floor(Number(event.currentTarget.value)) || 1))}
                />
              </Field>
            )}
            <Field label={t("help")} wide>
              <input value={help} maxlength={120} onInput={(event) => setHelp(event.currentTarget.value)} />
            </Field>
          </div>
          <Check label={t("marks")} checked={cut} set={setMarks} />
          <p class="hint">
            {t("sheets", {
              n: chosen.length,
              sheets: Math.ceil((chosen.length + Math.min(start, most) - 1) / most),
            })} {t("print_hint")}
          </p>
          {all.length > 1 && <Choice all={all} left_out={left_out} set={setLeftOut} />}
        </div>
      </Card>
    </>
  );
}

/** Returns a sheet's name, size and count. */
function stockText(name: StockName): string {
  const stock = LABEL_STOCKS[name];
  const sheet = "brand" in stock ? stock.brand : t(stock.paper === "A4" ? "a4" : "letter");
  return t("stock", {
    sheet,
    n: labelsOf(stock),
    width: Math.round(stock.width),
    height: Math.round(stock.height),
  });
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
