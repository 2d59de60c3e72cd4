// The dialogs of the second factor: its set-up, and its recovery codes.
import { call } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { attempt } from "../../components/inputs.tsx";
import { CopyButton } from "../../components/copy_button.tsx";
import { Field, LoadState, useLoad } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import { ACCOUNT } from "../../../i18n/admin/account.ts";

const t = messages(ACCOUNT);

interface SetUpProps {
  /** Shows the recovery codes in place of this dialog. */
  show: (codes: string[]) => void;
  close: () => void;
}

/** Shows a new secret, and turns the second factor on with a code of it. */
export function SecondFactorDialog({ show, close }: SetUpProps) {
  const { value, loading, error } = useLoad(() => call("POST", "/ocpp/session/second_factor/", {}), []);
  const run = ({ code }: Record<string, string>) =>
    attempt(async () => show((await call("PUT", "/ocpp/session/second_factor/", { code })).recovery_codes));
  return (
    <Dialog
      title={t("second_factor")}
      close={close}
      submit={{ label: t("turn_on"), run: (fields) => void run(fields), busy: !value }}
    >
      <LoadState loading={loading} error={error} />
      {value && (
        <>
          <p>{t("scan")}</p>
          <img
            class="qr"
            alt={t("qr")}
            width={200}
            height={200}
            src={`data:image/svg+xml,${encodeURIComponent(value.qr_svg)}`}
          />
          <p class="small soft">{t("by_hand")}</p>
          <div class="row">
            <code class="grow" data-testid="secret">{value.secret}</code>
            <CopyButton text={value.secret} />
          </div>
          <Field label={t("code_now")}>
            <input name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength={10} />
          </Field>
        </>
      )}
    </Dialog>
  );
}

/** Shows recovery codes. */
export function RecoveryCodes({ codes, close }: { codes: string[]; close: () => void }) {
  return (
    <Dialog title={t("recovery")} close={close}>
      <p>{t("recovery_text")}</p>
      <ul class="plain" data-testid="recovery">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <CopyButton text={codes.join("\n")} />
    </Dialog>
  );
}
