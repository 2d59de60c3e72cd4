// Reasons why a connector does not charge, or charges less than it could, with the actions that may help.
import type { Charger } from "../../store/store.ts";
import { chargerFindings, connectionFinding } from "./charger_findings.ts";
import { connectorFindings } from "./connector_findings.ts";
import { type DiagnosisCode, REMEDIES, type Remedy } from "./remedies.ts";
import type { Finding, Subject } from "./finding.ts";

/** A reason. User interfaces word it by its code and values. */
export interface Diagnosis {
  /** 0: the whole charger. */
  connector_id: number;
  code: DiagnosisCode;
  /** Start of the condition, ISO 8601; null if it is not known. */
  since: string | null;
  values: Record<string, string | number>;
  /** The actions that may help, the most promising first. */
  remedies: Remedy[];
}

/**
 * Returns the reasons of a charger, its own before those of its connectors. Of a charger that cannot be reached, or is not
 * accepted, only that is known. An empty list: all connectors are ready, or charge.
 */
export function diagnose(charger: Charger, parts: Pick<Subject, "state" | "store" | "now">): Diagnosis[] {
  const subject = { ...parts, charger, charger_id: charger.charger_id };
  const connection = connectionFinding(subject);
  const findings = connection ? [connection] : [
    ...chargerFindings(subject),
    ...charger.connectors.filter(({ connector_id }) => connector_id > 0)
      .flatMap((connector) => connectorFindings(connector, subject)),
  ];
  return findings.map(diagnosisOf);
}

function diagnosisOf({ connector_id = 0, code, since = null, values = {} }: Finding): Diagnosis {
  const known = Object.entries(values).filter(([, value]) =>
    value !== null && value !== undefined && value !== ""
  );
  return {
    connector_id,
    code,
    since,
    values: Object.fromEntries(known) as Diagnosis["values"],
    remedies: [...REMEDIES[code]],
  };
}
