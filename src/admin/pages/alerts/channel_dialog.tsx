// The dialog of one channel.
import { useState } from "preact/hooks";
import { at, call, get } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { Check } from "../../components/inputs.tsx";
import { Field } from "../../components/parts.tsx";
import { OtherProblem, type Problem, useProblem, Wrong } from "../../components/problem.tsx";
import { useUnchanged } from "../../components/unchanged.ts";
import { language, messages } from "../../i18n.ts";
import type { Channel } from "../../types.ts";
import { ALERTS_PAGE, CHANNELS_PAGE } from "../../../i18n/admin/outputs.ts";
import { SETTINGS } from "../../../i18n/admin/settings.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";
import { type Kind, TargetFields, targetOf } from "./target_fields.tsx";

const t = messages(CHANNELS_PAGE);
const severities = messages(ALERTS_PAGE);
const languages = messages(SETTINGS);
const shell = messages(SHELL);

const KINDS: readonly Kind[] = ["email", "ntfy", "telegram", "webhook"];
const SHOWN = ["name", "target.to", "target.from", "target.url", "target.token", "quiet_to"];

const EDITED = ["name", "enabled", "min_severity", "language", "quiet_from", "quiet_to", "target"] as const;

interface ChannelDialogProps {
  /** Left out: a new one. */
  channel: Channel | undefined;
  close: () => void;
  saved: () => void;
}

/** Asks for a channel's fields. */
export function ChannelDialog({ channel, close, saved }: ChannelDialogProps) {
  const [kind, setKind] = useState<Kind>(channel?.target.kind ?? "email");
  const [enabled, setEnabled] = useState(channel?.enabled ?? true);
  const { problem, run } = useProblem();
  const path = at("/ocpp/channels/{channel_id}/", { channel_id: channel?.channel_id ?? "" });
  const unchanged = useUnchanged({ opened: channel, load: () => get(path), fields: EDITED });
  const save = async (fields: Record<string, string>) => {
    const { name, min_severity, language, quiet_from, quiet_to } = fields;
    const body = {
      name,
      enabled,
      min_severity,
      language,
      quiet_from: quiet_from || null,
      quiet_to: quiet_to || null,
      target: targetOf(kind, fields),
    };
    const work = () =>
      channel ? unchanged().then(() => call("PATCH", path, body)) : call("POST", "/ocpp/channels/", body);
    if (await run(work, shell("saved"))) saved();
  };
  return (
    <Dialog
      title={channel?.name ?? t("add")}
      close={close}
      submit={{ label: shell("save"), run: (fields) => void save(fields) }}
    >
      <div class="form">
        <Field label={t("name")} hint={t("name_hint")} wide>
          <input name="name" required maxlength={100} defaultValue={channel?.name ?? ""} autofocus />
          <Wrong at="name" problem={problem} text={t("wrong_name")} />
        </Field>
        <Field label={t("kind")} wide>
          <select name="kind" onChange={(event) => setKind(event.currentTarget.value as Kind)}>
            {KINDS.map((one) => <option key={one} value={one} selected={one === kind}>{t(one)}</option>)}
          </select>
        </Field>
        <TargetFields key={kind} kind={kind} target={channel?.target} problem={problem} />
        <TellFields channel={channel} problem={problem} />
      </div>
      <Check label={t("enabled")} checked={enabled} set={setEnabled} />
      <OtherProblem problem={problem} shown={SHOWN} />
    </Dialog>
  );
}

/** The fields that say when, of what and in which language a channel is told. */
function TellFields({ channel, problem }: { channel: Channel | undefined; problem: Problem | null }) {
  const { min_severity = "warning", quiet_from, quiet_to } = channel ?? {};
  const spoken = channel?.language ?? language.value;
  return (
    <>
      <Field label={t("min_severity")}>
        <select name="min_severity">
          {(["info", "warning", "critical"] as const).map((one) => (
            <option key={one} value={one} selected={one === min_severity}>{severities(one)}</option>
          ))}
        </select>
      </Field>
      <Field label={t("language")}>
        <select name="language">
          {(["en", "es"] as const).map((one) => (
            <option key={one} value={one} selected={one === spoken}>{languages(one)}</option>
          ))}
        </select>
      </Field>
      <Field label={t("quiet_from")}>
        <input name="quiet_from" type="time" defaultValue={quiet_from ?? ""} />
      </Field>
      <Field label={t("quiet_to")}>
        <input name="quiet_to" type="time" defaultValue={quiet_to ?? ""} />
        <Wrong at="quiet_to" problem={problem} text={t("wrong_quiet_to")} />
      </Field>
      <p class="hint wide">{t("quiet_hint")}</p>
    </>
  );
}
