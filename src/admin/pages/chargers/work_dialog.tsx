// The dialog of one piece of work at several chargers: its questions, then the result of each charger.
import { useState } from "preact/hooks";
import { COMMANDS } from "../../commands.ts";
import { sendAccepted } from "../../components/answer.tsx";
import { Question } from "../../components/command_dialog.tsx";
import { DataTable } from "../../components/data_table.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { type Outcome, OutcomeText, RestartNeeded, useOutcomes } from "../../components/outcomes.tsx";
import { Field, useLoad } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import type { ChargerView, ConfigurationTemplate } from "../../types.ts";
import { SELECTION } from "../../../i18n/admin/chargers.ts";
import { bring } from "../configuration_compare/bring.ts";
import { loadTemplates } from "../configuration_compare/configurations.ts";
import { FirmwareFields } from "./firmware_fields.tsx";
import { FirmwareProgress } from "../ocpp_state/lists.tsx";

const t = messages(SELECTION);

/** The work that can be done at several chargers. */
export type Work = "reset" | "firmware" | "template" | "limit";

type Fields = Record<string, string>;
type Job = (charger_id: string) => Promise<Outcome>;

interface WorkDialogProps {
  work: Work;
  chargers: readonly ChargerView[];
  /** The firmware file, if it is chosen already. */
  file?: string;
  close: () => void;
}

/** Shows the dialog. */
export function WorkDialog({ work, chargers, file: given_file = "", close }: WorkDialogProps) {
  const { value: templates } = useLoad(() => work === "template" ? loadTemplates() : Promise.resolve([]), []);
  const [job, setJob] = useState<{ run: Job; left: readonly ChargerView[] } | null>(null);
  const { outcomes, each } = useOutcomes();
  const [file, setFile] = useState(given_file);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const online = chargers.filter(({ connected }) => connected);
  const connected = work === "firmware" ? online.filter(({ charger_id }) => chosen.has(charger_id)) : online;
  const n = connected.length;
  const start = async (run: Job, these: readonly ChargerView[], left: readonly ChargerView[]) => {
    setJob({ run, left });
    await each(these, run);
  };
  if (!job) {
    const begin = (fields: Fields) => {
      const needed = { template: fields.template, firmware: fields.file, reset: "-", limit: "-" }[work];
      if (!needed) return; // there is none yet: the dialog leads to where one is made
      const first = fields.one_first ? 1 : n;
      void start(jobOf(work, fields, templates ?? []), connected.slice(0, first), connected.slice(first));
    };
    return (
      <Dialog
        title={t(work)}
        close={close}
        submit={{
          label: t("run", { n }),
          danger: work !== "limit",
          busy: n === 0 || (work === "template" && !templates),
          run: begin,
        }}
      >
        <p class="soft">{t(`${work}_text`)}</p>
        {online.length < chargers.length && (
          <p class="answer tone-amber">{t("away", { n: chargers.length - online.length })}</p>
        )}
        <div class="form">
          {work === "firmware" && (
            <FirmwareFields
              chargers={online}
              file={file}
              setFile={setFile}
              chosen={chosen}
              setChosen={setChosen}
            />
          )}
          <Questions work={work} charger={chargers[0]!} templates={templates} />
        </div>
        {(work === "firmware" || work === "template") && n > 1 && (
          <label class="check">
            <input type="checkbox" name="one_first" defaultChecked /> <span>{t("one_first")}</span>
          </label>
        )}
      </Dialog>
    );
  }
  const left = job.left.length;
  return (
    <Dialog title={t(work)} close={close}>
      <DataTable
        rows={work === "firmware" ? connected : [...chargers]}
        keyOf={({ charger_id }) => charger_id}
        t={t}
        columns={{
          charger: ({ name, charger_id }) => <b>{name || charger_id}</b>,
          result: (charger) => {
            const outcome = outcomes.get(charger.charger_id) ?? { text: t(textWithout(charger, job.left)) };
            return <OutcomeText outcome={outcome} />;
          },
          ...work === "firmware"
            ? { progress: ({ charger_id }: ChargerView) => <FirmwareProgress charger_id={charger_id} /> }
            : {},
        }}
      />
      <RestartNeeded outcomes={outcomes} each={each} />
      <footer>
        {left > 0 && (
          <button
            type="button"
            class="btn danger"
            onClick={() => void start(job.run, job.left, [])}
          >
            {t("go_on", { n: left })}
          </button>
        )}
        <button type="button" class="btn" onClick={close}>{t("close")}</button>
      </footer>
    </Dialog>
  );
}

/** Returns the key of the text for a charger without a result. */
function textWithout(charger: ChargerView, left: readonly ChargerView[]) {
  return left.includes(charger) ? "later" : charger.connected ? "waits" : "not_connected";
}

interface QuestionsProps {
  work: Work;
  charger: ChargerView;
  templates: ConfigurationTemplate[] | undefined;
}

function Questions({ work, charger, templates }: QuestionsProps) {
  if (work !== "template") {
    const asks = COMMANDS[work].asks.filter((asked) => asked !== "any_connector" && asked !== "file");
    return <>{asks.map((asked) => <Question key={asked} asked={asked} charger={charger} />)}</>;
  }
  if (templates?.length === 0) return <a class="wide" href="/admin/standards">{t("no_template")}</a>;
  return (
    <Field label={t("which")}>
      <select name="template" required>
        {templates?.map(({ name }) => <option key={name} value={name}>{name}</option>)}
      </select>
    </Field>
  );
}

/** Returns what is done at each charger; a limit applies to the whole charger. */
function jobOf(work: Work, fields: Fields, templates: readonly ConfigurationTemplate[]): Job {
  if (work === "template") {
    const template = templates.find(({ name }) => name === fields.template)!;
    return (charger_id) => bring(charger_id, template);
  }
  const { action: usual, send } = COMMANDS[work];
  const { action = usual, payload } = send({ ...fields, connector: "0" });
  return async (charger_id) => {
    await sendAccepted(charger_id, action, payload);
    return { text: t("accepted") };
  };
}
