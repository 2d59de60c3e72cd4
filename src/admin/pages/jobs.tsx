// The firmware files, and their installation on several chargers.
import { useState } from "preact/hooks";
import { at, call, can, get, send } from "../api.ts";
import { ActionButton } from "../components/action_button.tsx";
import { attempt } from "../components/inputs.tsx";
import { PageHead } from "../components/parts.tsx";
import { number, when } from "../format.ts";
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { allChargers } from "../live.ts";
import { OCPP_STATE } from "../../i18n/admin/ocpp_state.ts";
import { WorkDialog } from "./chargers/work_dialog.tsx";
import { StateList } from "./ocpp_state/state_list.tsx";

const t = messages(OCPP_STATE);

/** Shows the files. */
export default function JobsPage() {
  const [file, setFile] = useState("");
  return (
    <>
      <PageHead title={t("firmware")} text={t("text")} />
      <FirmwareFiles choose={setFile} />
      {file && <WorkDialog work="firmware" file={file} chargers={allChargers()} close={() => setFile("")} />}
    </>
  );
}

function FirmwareFiles({ choose }: { choose: (name: string) => void }) {
  const pathOf = (name: string) => at("/ocpp/firmware/{name}", { name });
  return (
    <StateList
      name="firmware"
      load={() => get("/ocpp/firmware/")}
      rowsOf={({ firmware }) => firmware}
      types={["firmware", "firmware_deleted"]}
      keyOf={({ name }) => name}
      side={can("admin") && <Upload pathOf={pathOf} />}
      columns={{
        file: ({ name }) => <a href={pathOf(name)} download={name}>{name}</a>,
        size: ({ size }) => `${number(size / 1000, 1)} kB`,
        checksum: ({ sha256 }) => <code title={sha256}>{sha256.slice(0, 12)}</code>,
        when: ({ uploaded_at }) => when(uploaded_at),
        "": ({ name }) => (
          <div class="row">
            <ActionButton label={t("update_several")} run={() => choose(name)} />
            <ActionButton
              label={t("delete")}
              of={name}
              ask={t("delete_ask", { name })}
              run={() => call("DELETE", pathOf(name))}
            />
          </div>
        ),
      }}
    />
  );
}

function Upload({ pathOf }: { pathOf: (name: string) => string }) {
  const [busy, setBusy] = useState(false);
  const upload = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    setBusy(true);
    const headers = { "content-type": "application/octet-stream" };
    await attempt(() => send("PUT", pathOf(safeName(file.name)), file, headers));
    setBusy(false);
    input.value = "";
  };
  return (
    <label class={busy ? "btn small busy" : "btn small"}>
      <Icon name="upload" size={16} /> {t("upload")}
      <input
        type="file"
        class="sr"
        disabled={busy}
        onChange={(event) => void upload(event.currentTarget)}
      />
    </label>
  );
}

/** Returns a file name without characters that the gateway refuses. */
function safeName(name: string): string {
  return name.replace(/[^\w.-]+/g, "_").replace(/\.{2,}/g, ".").slice(-100).replace(/^[^A-Za-z0-9]+/, "");
}
