// The dialogs of webhooks: their fields, and the secret of a new one.
import { useState } from "preact/hooks";
import { at, call, get } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { Check, Segmented } from "../../components/inputs.tsx";
import { CopyButton } from "../../components/copy_button.tsx";
import { Field, LoadState, useLoad } from "../../components/parts.tsx";
import { OtherProblem, useProblem, Wrong } from "../../components/problem.tsx";
import { useUnchanged } from "../../components/unchanged.ts";
import { messages } from "../../i18n.ts";
import { loadApi } from "../../openapi.ts";
import type { Webhook } from "../../types.ts";
import { WEBHOOKS } from "../../../i18n/admin/outputs.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";

const t = messages(WEBHOOKS);
const shell = messages(SHELL);

const ALL = "*";

interface WebhookDialogProps {
  /** Left out: a new one. */
  webhook: Webhook | undefined;
  close: () => void;
  /** Called with the secret of a new one. */
  saved: (secret?: string) => void;
}

/** Asks for a webhook's fields. */
export function WebhookDialog({ webhook, close, saved }: WebhookDialogProps) {
  const [events, setEvents] = useState<readonly string[]>(webhook?.events ?? [ALL]);
  const [enabled, setEnabled] = useState(webhook?.enabled ?? true);
  const { problem, run } = useProblem();
  const path = at("/ocpp/webhooks/{webhook_id}/", { webhook_id: webhook?.webhook_id ?? "" });
  const unchanged = useUnchanged({
    opened: webhook,
    load: () => get(path),
    fields: ["url", "description", "events", "enabled"],
  });
  const save = async ({ url, description }: Record<string, string>) => {
    const body = { url, description, events, ...(webhook && enabled === webhook.enabled ? {} : { enabled }) };
    let secret: string | undefined;
    const work = async () => {
      if (webhook) {
        await unchanged();
        await call("PATCH", path, body);
      } else secret = (await call("POST", "/ocpp/webhooks/", body)).secret;
    };
    if (await run(work, webhook && shell("saved"))) saved(secret);
  };
  return (
    <Dialog
      title={webhook?.url ?? t("add")}
      close={close}
      submit={{ label: shell("save"), run: (fields) => void save(fields) }}
    >
      <Field label={t("url")}>
        <input
          name="url"
          type="url"
          required
          maxlength={2000}
          defaultValue={webhook?.url ?? ""}
          placeholder="http://192.168.1.20:8080/hook"
          autofocus
        />
        <Wrong at="url" problem={problem} text={t("wrong_url")} />
      </Field>
      <Field label={t("description")}>
        <input name="description" maxlength={200} defaultValue={webhook?.description ?? ""} />
      </Field>
      <fieldset class="field">
        <legend>{t("events")}</legend>
        <Segmented
          value={events.includes(ALL) ? "all_events" : "chosen"}
          set={(value) => setEvents(value === "all_events" ? [ALL] : [])}
          options={[["all_events", t("all_events")], ["chosen", t("chosen")]]}
        />
        {!events.includes(ALL) && <EventChecks events={events} set={setEvents} />}
        <Wrong at="events" problem={problem} text={t("wrong_events")} />
      </fieldset>
      <Check label={t("enabled")} checked={enabled} set={setEnabled} />
      <OtherProblem problem={problem} shown={["url", "events"]} />
    </Dialog>
  );
}

interface EventChecksProps {
  events: readonly string[];
  set: (events: readonly string[]) => void;
}

/** The names of events, as the API has them. */
function EventChecks({ events, set }: EventChecksProps) {
  const { value, loading, error } = useLoad(loadEvents, []);
  return (
    <>
      <LoadState loading={loading} error={error} />
      <div class="event-names">
        {value?.map((name) => (
          <Check
            key={name}
            label={name}
            checked={events.includes(name)}
            set={(on) => set(on ? [...events, name] : events.filter((one) => one !== name))}
          />
        ))}
      </div>
    </>
  );
}

async function loadEvents(): Promise<string[]> {
  const { paths } = await loadApi();
  const schema = paths["/ocpp/webhooks/"]?.post?.requestBody?.content["application/json"]?.schema;
  const names = schema?.properties?.events?.items?.enum ?? [];
  return names.map(String).filter((name) => name !== ALL);
}

/** Shows a new webhook's secret, once. */
export function SecretDialog({ secret, close }: { secret: string; close: () => void }) {
  return (
    <Dialog title={t("secret")} close={close}>
      <p>{t("secret_once")}</p>
      <div class="row">
        <code class="grow word" data-testid="secret">{secret}</code>
        <CopyButton text={secret} />
      </div>
    </Dialog>
  );
}
