// The signature below the results of a commissioning: a name, typed on the screen.
import { at, call, can } from "../../api.ts";
import { attempt } from "../../components/inputs.tsx";
import { Card, Field, fieldsOf } from "../../components/parts.tsx";
import { when } from "../../format.ts";
import { messages } from "../../i18n.ts";
import type { CommissioningView } from "../../types.ts";
import { COMMISSIONING } from "../../../i18n/admin/commissioning.ts";

const t = messages(COMMISSIONING);

/** Shows the signature, or a form for it once the test is done. */
export function Sign({ one, signed }: { one: CommissioningView; signed: () => void }) {
  const { commissioning_id, signature, state } = one;
  if (signature) {
    return (
      <Card title={t("signature")}>
        <p>
          <b>{signature.name}</b> · {when(signature.at)}
        </p>
      </Card>
    );
  }
  if (state !== "done" || !can("operator")) return null;
  const path = at("/ocpp/commissioning/{id}/sign/", { id: String(commissioning_id) });
  const sign = async (name: string | undefined) => {
    if (await attempt(() => call("POST", path, { name }), t("signed"))) signed();
  };
  return (
    <Card title={t("signature")}>
      <form class="form" onSubmit={(event) => void sign(fieldsOf(event).name)}>
        <Field label={t("sign_name")} hint={t("sign_hint")}>
          <input name="name" required maxlength={100} autocomplete="name" />
        </Field>
        <div class="wide">
          <button type="submit" class="btn primary">{t("sign")}</button>
        </div>
      </form>
    </Card>
  );
}
