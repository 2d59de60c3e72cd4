// A commissioning: the current step and the result of each.
import { useLocation } from "preact-iso/router";
import { useEffect, useState } from "preact/hooks";
import type { CommissioningResult, RecordedMessage } from "../../../store/store.ts";
import type { Filled } from "../../../http/client_types.ts";
import { at, call, can, get } from "../../api.ts";
import { attempt } from "../../components/inputs.tsx";
import { Card, LoadState, PageHead, useLoad } from "../../components/parts.tsx";
import { connectorName, type Tone } from "../../components/status.tsx";
import { when } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { figureText } from "../../../i18n/figure_text.ts";
import { language, locale, messages } from "../../i18n.ts";
import { now, onLive } from "../../live.ts";
import type { CommissioningView, StepTexts } from "../../types.ts";
import { siteZone } from "../../zone.ts";
import { Sign } from "./sign.tsx";
import { countsOf, StateChip } from "./state.tsx";
import { COMMISSIONING } from "../../../i18n/admin/commissioning.ts";
import { COMMISSIONING_FIGURES } from "../../../i18n/admin/commissioning_figures.ts";

const t = messages(COMMISSIONING);
const figure = messages(COMMISSIONING_FIGURES);

/** Shows a commissioning. */
export function OneCommissioning({ id }: { id: string }) {
  const path = at("/ocpp/commissioning/{id}/", { id });
  const { value: one, error, again } = useLoad(() => get(path), [id]);
  const { value: all } = useLoad(() => get("/ocpp/commissioning/steps/"), []);
  useEffect(() =>
    onLive(({ type, data }) => {
      if (type === "commissioning" && String(data.commissioning_id) === id) again();
    }), [id]);
  const steps = new Map(all?.steps.map((step) => [step.id, step]));
  if (!one) return <LoadState loading error={error} />;
  const act = (body: Record<string, unknown>) =>
    attempt(() => call("POST", at("/ocpp/commissioning/{id}/action/", { id }), body)).then(again);
  return (
    <>
      <PageHead
        title={one.charger_name || one.charger_id}
        text={`${t("title")} · ${when(one.started_at)} · ${one.installer}`}
      >
        <StateChip one={one} />
      </PageHead>
      <Actions one={one} act={act} path={path} />
      {one.reason && <p class="answer tone-amber">{one.reason[language.value]}</p>}
      {one.current && <Now one={one} steps={steps} act={act} />}
      <Card title={countsOf(one)} flush>
        <Results one={one} steps={steps} act={act} />
      </Card>
      <Sign one={one} signed={again} />
      {one.notes && (
        <Card title={t("notes")}>
          <p>{one.notes}</p>
        </Card>
      )}
    </>
  );
}

type Act = (body: Record<string, unknown>) => Promise<void>;

function Actions(
  { one, act, path }: { one: CommissioningView; act: Act; path: Filled<"/ocpp/commissioning/{id}/"> },
) {
  const { route } = useLocation();
  const remove = async () => {
    if (await attempt(() => call("DELETE", path))) route("/admin/commissioning");
  };
  return (
    <div class="row no-print">
      <a class="btn small" href="/admin/commissioning">
        <Icon name="back" size={16} /> {t("back")}
      </a>
      {one.state === "running" && can("admin") && (
        <button
          type="button"
          class="btn small danger"
          onClick={() => void act({ action: "break_off" })}
        >
          <Icon name="stop" size={16} /> {t("break_off")}
        </button>
      )}
      {one.state === "broken_off" && can("admin") && (
        <button
          type="button"
          class="btn small primary"
          onClick={() => void act({ action: "resume" })}
        >
          <Icon name="play" size={16} /> {t("resume")}
        </button>
      )}
      <a class="btn small" href={`${path}report/`} target="_blank" rel="noreferrer">
        <Icon name="print" size={16} /> {t("report")}
      </a>
      <a class="btn small" href={`${path}report.json`} download>
        <Icon name="download" size={16} /> {t("file")}
      </a>
      {one.state !== "running" && can("admin") && (
        <button
          type="button"
          class="btn small quiet"
          onClick={() => void remove()}
        >
          <Icon name="trash" size={16} /> {t("remove")}
        </button>
      )}
    </div>
  );
}

interface Part {
  one: CommissioningView;
  steps: ReadonlyMap<string, StepTexts>;
  act: Act;
}

/** The current step, with the instruction for the installer in large type. */
function Now({ one: { current }, steps, act }: Part) {
  const { step, connector_id, prompt, until } = current!;
  const left = until === null ? null : Math.max(0, Math.round((Date.parse(until) - now.value) / 1000));
  const texts = steps.get(step);
  return (
    <Card
      title={`${t("now")}: ${texts?.name[language.value] ?? step}`}
      side={connector_id > 0 && connectorName(connector_id)}
    >
      <div class="stack" role="status">
        {prompt && <h2>{prompt[language.value]}</h2>}
        <p class="soft">{texts?.does[language.value]} {texts?.judged[language.value]}</p>
        <div class="row between">
          <span class="soft">{prompt && left !== null && t("left", { s: left })}</span>
          {can("admin") && (
            <button
              type="button"
              class="btn small"
              onClick={() => void act({ action: "skip" })}
            >
              {t("leave_out")}
            </button>
          )}
        </div>
      </div>
      <div class="busy" role="progressbar" aria-label={t("running")}></div>
    </Card>
  );
}

const TONES: Record<CommissioningResult["result"], Tone> = {
  pass: "green",
  observation: "amber",
  fail: "red",
  skip: "grey",
};

function Results({ one, steps, act }: Part) {
  return (
    <div class="table-wrap">
      <table class="cards-on-phone">
        <thead>
          <tr>
            <th>{t("step")}</th>
            <th>{t("result")}</th>
            <th>{t("found")}</th>
          </tr>
        </thead>
        <tbody>
          {one.results.map((each) => (
            <Row
              key={`${each.step}/${each.connector_id}`}
              each={each}
              texts={steps.get(each.step)}
              one={one}
              act={act}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  each: CommissioningResult;
  texts: StepTexts | undefined;
  one: CommissioningView;
  act: Act;
}

function Row({ each, texts, one, act }: RowProps) {
  const { step, connector_id, result, reason, figures } = each;
  const again = can("admin") && one.state !== "running" && result !== "pass";
  const format = { locale: locale(), time_zone: siteZone(), word: (key: string) => figure(key as "keys") };
  return (
    <tr>
      <td>
        <b>{texts?.name[language.value] ?? step}</b>
        {connector_id > 0 && <div class="small soft">{connectorName(connector_id)}</div>}
      </td>
      <td>
        <span class={`chip tone-${TONES[result]}`}>{t(result)}</span>
      </td>
      <td class="wide">
        {reason[language.value]}
        {result === "fail" && <div class="small">{texts?.hint[language.value]}</div>}
        <div class="small soft">
          {Object.entries(figures).map(([name, value]) => figureText(name, value, format)).join(" · ")}
        </div>
        <Evidence each={each} />
        {again && (
          <button
            type="button"
            class="btn small"
            onClick={() => void act({ action: "repeat", step, connector_id })}
          >
            <Icon name="reset" size={16} /> {t("repeat")}
          </button>
        )}
      </td>
    </tr>
  );
}

/** A step's frames, loaded when they are opened. */
function Evidence({ each: { commissioning_id, step, connector_id } }: { each: CommissioningResult }) {
  const [asked, setAsked] = useState(false);
  const id = String(commissioning_id);
  const path = at("/ocpp/commissioning/{id}/frames/", { id }, { step, connector_id });
  const load = () => asked ? get(path) : Promise.resolve(null);
  const { value } = useLoad(load, [asked, path]);
  return (
    <details onToggle={() => setAsked(true)}>
      <summary class="small">{t("evidence")}</summary>
      {value?.frames.length === 0 && <p class="small soft">{t("no_evidence")}</p>}
      {value && value.frames.length > 0 &&
        <pre class="small mono">{value.frames.map(lineOf).join("\n")}</pre>}
    </details>
  );
}

function lineOf({ at, direction, text }: RecordedMessage): string {
  return `${at} ${direction === "in" ? "→" : "←"} ${text}`;
}
