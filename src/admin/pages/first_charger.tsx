// The first steps of a new site: the address for chargers.
import { Addresses } from "../components/addresses.tsx";
import { Card, PageHead } from "../components/parts.tsx";
import { messages } from "../i18n.ts";
import { OVERVIEW } from "../../i18n/admin/overview.ts";

const t = messages(OVERVIEW);

/** Shows the addresses. */
export default function FirstCharger() {
  return (
    <>
      <PageHead title={t("first")} text={t("first_text")} />
      <Card>
        <Addresses />
      </Card>
    </>
  );
}
