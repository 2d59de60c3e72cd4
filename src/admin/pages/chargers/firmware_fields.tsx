// The questions of a firmware update of several chargers: the file, and the groups of chargers that get it.
import { useEffect } from "preact/hooks";
import { get } from "../../api.ts";
import { Field, useLoad } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import type { ChargerView } from "../../types.ts";
import { SELECTION } from "../../../i18n/admin/chargers.ts";
import { fitting, groupsOf } from "./firmware_groups.ts";

const t = messages(SELECTION);

interface FirmwareFieldsProps {
  chargers: readonly ChargerView[];
  file: string;
  setFile: (file: string) => void;
  /** The ids of the chargers that get the file. */
  chosen: ReadonlySet<string>;
  setChosen: (chosen: ReadonlySet<string>) => void;
}

/** Shows the questions. A file preselects the groups that it fits. */
export function FirmwareFields({ chargers, file, setFile, chosen, setChosen }: FirmwareFieldsProps) {
  const { value } = useLoad(() => get("/ocpp/firmware/"), []);
  const files = value?.firmware.map(({ name }) => name) ?? [];
  const wanted = file || files[0] || "";
  const groups = groupsOf(chargers);
  const idsOf = (these: typeof groups) =>
    these.flatMap((group) => group.chargers.map((one) => one.charger_id));
  useEffect(() => {
    if (wanted === "") return;
    setFile(wanted);
    setChosen(new Set(idsOf(fitting(wanted, groups))));
  }, [wanted]);
  if (value?.firmware.length === 0) return <a class="wide" href="/admin/jobs">{t("no_file")}</a>;
  return (
    <>
      <Field label={t("file")} wide>
        <select name="file" value={wanted} onChange={(event) => setFile(event.currentTarget.value)}>
          {files.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
      </Field>
      <fieldset class="field wide">
        <legend>{t("groups")}</legend>
        {groups.map((group) => {
          const ids = idsOf([group]);
          return (
            <label class="check" key={group.model + group.version}>
              <input
                type="checkbox"
                checked={ids.every((id) => chosen.has(id))}
                onChange={(event) => {
                  const others = [...chosen].filter((id) => !ids.includes(id));
                  setChosen(new Set(event.currentTarget.checked ? [...others, ...ids] : others));
                }}
              />
              <span>
                <b>{group.model || t("no_model")}</b>{" "}
                {group.version && t("version", { version: group.version })}
                <small class="soft">{t("n_chargers", { n: ids.length })}</small>
              </span>
            </label>
          );
        })}
        {chosen.size === 0 && <small>{t("none_fits")}</small>}
      </fieldset>
    </>
  );
}
