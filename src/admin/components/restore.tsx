// Restoring a backup: the file, the upload, and the wait until the gateway has restarted.
import { useState } from "preact/hooks";
import { send, session } from "../api.ts";
import { messages } from "../i18n.ts";
import { set_up_needed } from "../login.ts";
import { SYSTEM } from "../../i18n/admin/system.ts";
import { Check } from "./inputs.tsx";
import { Field } from "./parts.tsx";

const t = messages(SYSTEM);

const POLL_MS = 500;

/**
 * Uploads a backup to `path` and reloads the page when the gateway has started with it. The page is not reloaded if it
 * shows the login by then, where a user may be typing. `restore` throws ApiError.
 */
export function useRestore(path: string) {
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState("");
  const [without_keys, setWithoutKeys] = useState(false);
  const [stage, setStage] = useState<"" | "uploading" | "restarting">("");
  const restore = async (given: Record<string, string> = {}, asked: Record<string, string> = {}) => {
    const headers = {
      ...given,
      ...(passphrase && { "x-backup-passphrase": encodeURIComponent(passphrase) }),
    };
    const query = new URLSearchParams({ ...asked, ...(without_keys && { keys: "leave" }) });
    setStage("uploading");
    try {
      const before = await startedAt();
      await send("POST", `${path}?${query}`, file, {
        "content-type": "application/octet-stream",
        ...headers,
      });
      setStage("restarting");
      while (await startedAt().catch(() => before) === before) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      if (session.value || set_up_needed.value) location.assign("/admin/");
    } catch (error) {
      setStage("");
      throw error;
    }
  };
  return {
    ready: file !== null && stage === "",
    restore,
    field: (
      <>
        <Restore setFile={setFile} stage={stage} />
        <Field label={t("restore_passphrase")} hint={t("restore_passphrase_hint")}>
          <input
            type="password"
            name="passphrase"
            autocomplete="off"
            disabled={without_keys || stage !== ""}
            value={passphrase}
            onInput={(event) => setPassphrase(event.currentTarget.value)}
          />
        </Field>
        <Check label={t("without_keys")} checked={without_keys} set={setWithoutKeys} />
      </>
    ),
  };
}

/** Returns the start time of the gateway that answers; a restore changes it. */
async function startedAt(): Promise<string> {
  return (await (await fetch("/healthz")).json()).started_at;
}

function Restore({ setFile, stage }: { setFile: (file: File | null) => void; stage: string }) {
  return (
    <>
      <Field label={t("restore_file")}>
        <input
          type="file"
          accept=".tar,.db"
          required
          disabled={stage !== ""}
          onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
        />
      </Field>
      {stage !== "" && (
        <div class="stack tight" role="status">
          <p>{t(stage as "uploading")}</p>
          <div class="busy" role="progressbar"></div>
        </div>
      )}
    </>
  );
}
