// The fields of a channel's target, which differ by its kind.
import type { ComponentChildren } from "preact";
import { Field } from "../../components/parts.tsx";
import { type Problem, Wrong } from "../../components/problem.tsx";
import { messages } from "../../i18n.ts";
import type { Channel } from "../../types.ts";
import { CHANNELS_PAGE } from "../../../i18n/admin/outputs.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";

const t = messages(CHANNELS_PAGE);
const shell = messages(SHELL);

type Target = Channel["target"];
/** The kind of a channel. */
export type Kind = Target["kind"];
type TargetOf<K extends Kind> = Partial<Extract<Target, { kind: K }>>;

/** Not `type="email" multiple`: Chromium empties it when the stored addresses are set. */
const ADDRESS = "[^\\s,;<>]+@[^\\s,;<>]+";
const ADDRESSES = `${ADDRESS}(\\s*,\\s*${ADDRESS})*`;

interface TargetFieldsProps {
  kind: Kind;
  /** The stored target; of another kind it counts for nothing. */
  target: Target | undefined;
  problem: Problem | null;
}

interface FieldsProps<K extends Kind> {
  target: TargetOf<K>;
  problem: Problem | null;
}

/** Shows the fields of a kind. */
export function TargetFields({ kind, target, problem }: TargetFieldsProps) {
  const stored = target?.kind === kind ? target : {};
  switch (kind) {
    case "email":
      return <EmailFields target={stored as TargetOf<"email">} problem={problem} />;
    case "ntfy":
      return <NtfyFields target={stored as TargetOf<"ntfy">} problem={problem} />;
    case "telegram":
      return <TelegramFields target={stored as TargetOf<"telegram">} problem={problem} />;
    case "webhook":
      return <UrlField target={stored as TargetOf<"webhook">} problem={problem} label={t("url")} />;
  }
}

/** Returns the target of a filled-in form; a secret that is left empty is left out, so that the stored one stays. */
export function targetOf(kind: Kind, fields: Record<string, string>): unknown {
  const { host, security, username, from, url, chat_id, password, token } = fields;
  switch (kind) {
    case "email": {
      const to = (fields.to ?? "").split(",").map((address) => address.trim()).filter(Boolean);
      const port = Number(fields.port);
      return { kind, host, port, security, username, from, to, ...(password && { password }) };
    }
    case "ntfy":
      return { kind, url, ...(token && { token }) };
    case "telegram":
      return { kind, chat_id, ...(token && { token }) };
    case "webhook":
      return { kind, url };
  }
}

function EmailFields({ target, problem }: FieldsProps<"email">) {
  const { host = "", port = 587, security = "starttls", username = "", from = "", to = [] } = target;
  return (
    <>
      <Field label={t("to")} hint={t("to_hint")} wide>
        <input
          name="to"
          inputmode="email"
          required
          pattern={ADDRESSES}
          title={t("to_hint")}
          defaultValue={to.join(", ")}
        />
        <Wrong at="target.to" problem={problem} text={t("wrong_to")} />
      </Field>
      <Field label={t("from")} wide>
        <input name="from" type="email" required maxlength={200} defaultValue={from} />
        <Wrong at="target.from" problem={problem} text={t("wrong_from")} />
      </Field>
      <Field label={t("host")}>
        <input name="host" required maxlength={255} defaultValue={host} />
      </Field>
      <Field label={t("port")}>
        <input name="port" type="number" required min={1} max={65_535} defaultValue={String(port)} />
      </Field>
      <Field label={t("security")} wide>
        <select name="security">
          {([["starttls", "starttls"], ["tls", "tls"], ["none", "no_encryption"]] as const).map((
            [one, label],
          ) => <option key={one} value={one} selected={one === security}>{t(label)}</option>)}
        </select>
      </Field>
      <Field label={t("username")}>
        <input name="username" maxlength={200} autocomplete="off" defaultValue={username} />
      </Field>
      <SecretField name="password" label={t("password")} has_secret={target.has_secret} />
    </>
  );
}

function NtfyFields({ target, problem }: FieldsProps<"ntfy">) {
  return (
    <>
      <UrlField target={target} problem={problem} label={t("ntfy_url")} hint={t("ntfy_hint")} />
      <SecretField name="token" label={t("token")} has_secret={target.has_secret} />
    </>
  );
}

function TelegramFields({ target, problem }: FieldsProps<"telegram">) {
  return (
    <>
      <SecretField
        name="token"
        label={t("bot_token")}
        hint={t("bot_hint")}
        has_secret={target.has_secret}
        required
      >
        <Wrong at="target.token" problem={problem} text={t("wrong_token")} />
      </SecretField>
      <Field label={t("chat_id")} hint={t("chat_hint")} wide>
        <input name="chat_id" required maxlength={100} defaultValue={target.chat_id ?? ""} />
      </Field>
    </>
  );
}

interface UrlFieldProps extends FieldsProps<"ntfy" | "webhook"> {
  label: string;
  hint?: string;
}

function UrlField({ target, problem, label, hint }: UrlFieldProps) {
  return (
    <Field label={label} hint={hint} wide>
      <input name="url" type="url" required maxlength={2000} defaultValue={target.url ?? ""} />
      <Wrong at="target.url" problem={problem} text={t("wrong_url")} />
    </Field>
  );
}

interface SecretFieldProps {
  name: string;
  label: string;
  hint?: string;
  has_secret: boolean | undefined;
  required?: boolean;
  children?: ComponentChildren;
}

function SecretField(
  { name, label, hint, has_secret = false, required = false, children }: SecretFieldProps,
) {
  return (
    <Field label={label} hint={hint} wide>
      <input
        name={name}
        type="password"
        autocomplete="new-password"
        maxlength={500}
        required={required && !has_secret}
        placeholder={has_secret ? shell("unchanged") : ""}
      />
      {children}
    </Field>
  );
}
