// The settings of the MQTT broker's client certificate, which belong together.
import type { X509Certificate } from "node:crypto";
import { node } from "../../node.ts";
import type { Settings } from "../../store/store.ts";
import { invalidField } from "../input.ts";

/** The facts about a client certificate. */
export interface ClientCertificate {
  subject: string;
  not_after: string;
}

type Pair = Pick<Settings, "mqtt_client_cert" | "mqtt_client_key">;

/**
 * Returns changes in which certificate and key fit each other: without a certificate there is no key. Throws HttpError 400
 * naming the field that does not fit.
 */
export function withCertificatePair(changes: Partial<Settings>, before: Settings): Partial<Settings> {
  if (changes.mqtt_ca) read("mqtt_ca", changes.mqtt_ca);
  if (changes.mqtt_client_cert === undefined && changes.mqtt_client_key === undefined) return changes;
  const pair = { ...before, ...changes };
  if (pair.mqtt_client_cert !== "") check(pair);
  else if (changes.mqtt_client_key) throw invalidField("mqtt_client_key", "needs mqtt_client_cert");
  return pair.mqtt_client_cert === "" ? { ...changes, mqtt_client_key: "" } : changes;
}

/** Returns the facts about the client certificate of the settings; null: there is none. */
export function clientCertificateOf({ mqtt_client_cert }: Settings): ClientCertificate | null {
  if (mqtt_client_cert === "") return null;
  const { subject, validTo } = new (node("crypto").X509Certificate)(mqtt_client_cert);
  return { subject: subject.split("\n").join(", "), not_after: new Date(validTo).toISOString() };
}

function check({ mqtt_client_cert, mqtt_client_key }: Pair): void {
  const certificate = read("mqtt_client_cert", mqtt_client_cert);
  if (mqtt_client_key === "") throw invalidField("mqtt_client_key", "must come with mqtt_client_cert");
  if (!fits(certificate, mqtt_client_key)) {
    throw invalidField("mqtt_client_key", "must be the key of mqtt_client_cert");
  }
}

function read(field: keyof Settings, pem: string): X509Certificate {
  try {
    return new (node("crypto").X509Certificate)(pem);
  } catch {
    throw invalidField(field, "must be certificates as PEM");
  }
}

function fits(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(node("crypto").createPrivateKey(key));
  } catch {
    return false;
  }
}
