// Mail by SMTP. The library is loaded with the first mail.
import type { ChannelTarget } from "../../../store/store.ts";
import type { AlertMessage } from "../alerts/alert_message.ts";
import type { Outcome } from "../courier.ts";

const TIMEOUT_MS = 20_000;
const NAME = "ocpp-gateway"; // in EHLO; the machine's own name is nobody's business

/** Sends a mail; never throws. */
export async function sendMail(
  target: Extract<ChannelTarget, { kind: "email" }>,
  { title, text, link }: AlertMessage,
  message_id: string,
): Promise<Outcome> {
  const { from, to } = target;
  // @ts-types="@types/nodemailer"
  const { createTransport } = await import("nodemailer");
  const transport = createTransport(optionsOf(target));
  try {
    const { response } = await transport.sendMail({
      from,
      to,
      subject: title,
      text: `${text}\n\n${link}\n`,
      messageId: `<${message_id}@${domainOf(from)}>`,
    });
    return { ok: true, status: parseInt(response) || null, error: null };
  } catch (error) {
    return { ok: false, status: statusOf(error), error: sentenceOf(error) };
  } finally {
    transport.close();
  }
}

function optionsOf({ host, port, security, username, password }: Extract<ChannelTarget, { kind: "email" }>) {
  return {
    host,
    port,
    name: NAME,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username ? { auth: { user: username, pass: password } } : {}),
  };
}

function domainOf(address: string): string {
  return /@([\w.-]+)/.exec(address)?.[1] ?? NAME;
}

/** SMTP's own code, such as 450 of a server that wants to be asked again. */
function statusOf(error: unknown): number | null {
  const { responseCode } = error as { responseCode?: unknown };
  return typeof responseCode === "number" ? responseCode : null;
}

function sentenceOf(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0]!.slice(0, 300);
}
