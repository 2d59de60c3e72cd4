// One message on its way to a person: by mail, ntfy, Telegram or HTTP.
import type { ChannelTarget, Severity } from "../../../store/store.ts";
import type { AlertMessage } from "../alerts/alert_message.ts";
import type { Outcome } from "../courier.ts";
import { post, type PostRequest } from "../post.ts";
import { sendMail } from "./email.ts";

/** The surroundings of an attempt. */
export interface SendOptions {
  /** The same for all attempts on one message. */
  message_id: string;
  signal: AbortSignal;
}

/** ntfy's priorities, 1 to 5. */
const PRIORITIES: Readonly<Record<Severity, number>> = { info: 2, warning: 3, critical: 5 };
const TELEGRAM = "https://api.telegram.org";
const TELEGRAM_MAX = 4096;

/** Sends a message; never throws. */
export async function send(
  target: ChannelTarget,
  message: AlertMessage,
  options: SendOptions,
): Promise<Outcome> {
  switch (target.kind) {
    case "email":
      return await sendMail(target, message, options.message_id);
    case "ntfy":
      return await post(ntfyRequest(target, message), options.signal);
    case "telegram":
      return await post(telegramRequest(target, message), options.signal);
    case "webhook":
      return await post(jsonRequest(target.url, { id: options.message_id, ...message }), options.signal);
  }
}

/** ntfy's form for a message as JSON, which takes any characters in titles: it is posted to the server, not to the topic. */
export function ntfyRequest(
  { url, token }: Extract<ChannelTarget, { kind: "ntfy" }>,
  { title, text, link, severity }: AlertMessage,
): PostRequest {
  const { origin, pathname } = new URL(url);
  const parts = pathname.split("/").filter(Boolean);
  const topic = parts.at(-1) ?? "";
  const server = [origin, ...parts.slice(0, -1)].join("/");
  const request = jsonRequest(`${server}/`, {
    topic,
    title,
    message: text,
    click: link,
    priority: PRIORITIES[severity],
  });
  return token ? { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } } : request;
}

/** Telegram's sendMessage. The token is a part of the URL there, and so never logged. */
export function telegramRequest(
  { token, chat_id }: Extract<ChannelTarget, { kind: "telegram" }>,
  { title, text, link }: AlertMessage,
): PostRequest {
  const whole = `${title}\n${text}\n${link}`.slice(0, TELEGRAM_MAX);
  return jsonRequest(`${TELEGRAM}/bot${token}/sendMessage`, { chat_id, text: whole });
}

function jsonRequest(url: string, body: unknown): PostRequest {
  return { url, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
