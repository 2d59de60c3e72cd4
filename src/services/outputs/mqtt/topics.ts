// The MQTT topics of a site: names that are made, and names that are read.

/** The parts of a command's topic. */
export type CommandTopic = ChargerTopic | { kind: "circuit_limit"; circuit: string };

/** The parts of the topic of a charger's command. */
export interface ChargerTopic {
  charger_id: string;
  /** `action`: any OCPP command. */
  kind: "action" | "charging" | "limit" | "available";
  /** Of all kinds but `action`. */
  connector_id: number;
}

/** Makes and reads the topics below a root such as `ocpp`. */
export class Topics {
  constructor(readonly root: string) {}

  get status(): string {
    return `${this.root}/status`;
  }

  get site(): string {
    return `${this.root}/site/state`;
  }

  get events(): string {
    return `${this.root}/events`;
  }

  /** The filters of commands. */
  get commands(): string[] {
    return [
      `${this.root}/chargers/+/action`,
      `${this.root}/chargers/+/connectors/+/set/+`,
      `${this.root}/circuits/+/set/limit`,
    ];
  }

  /** Returns the topic of a charger's state, of its commands, or of the answers to them. */
  charger(charger_id: string, what: "state" | "action" | "response"): string {
    return `${this.#of(charger_id)}/${what}`;
  }

  /** Returns the topic of the answers to a command. */
  response(command: CommandTopic): string {
    return command.kind === "circuit_limit"
      ? `${this.root}/circuits/${encodeSegment(command.circuit)}/response`
      : this.charger(command.charger_id, "response");
  }

  /** Returns the topic of a connector's state, or of one of its commands. */
  connector(charger_id: string, connector_id: number, what = "state"): string {
    return `${this.#of(charger_id)}/connectors/${connector_id}/${what}`;
  }

  /** Returns true for a topic of a charger. */
  isOf(charger_id: string, topic: string): boolean {
    return topic.startsWith(`${this.#of(charger_id)}/`);
  }

  /** Returns the parts of a command's topic; null: it is none. */
  commandOf(topic: string): CommandTopic | null {
    const [first, id, ...rest] = topic.slice(this.root.length + 1).split("/");
    if (!topic.startsWith(`${this.root}/`) || !id) return null;
    const name = decoded(id);
    if (name === null) return null;
    if (first === "circuits" && rest.join("/") === "set/limit") {
      return { kind: "circuit_limit", circuit: name };
    }
    return first === "chargers" ? this.#chargerCommand(name, rest) : null;
  }

  #chargerCommand(charger_id: string, rest: string[]): ChargerTopic | null {
    if (rest.length === 1 && rest[0] === "action") return { charger_id, kind: "action", connector_id: 0 };
    const [connectors, number, set, kind] = rest;
    const is_known = kind === "charging" || kind === "limit" || kind === "available";
    if (rest.length !== 4 || connectors !== "connectors" || set !== "set" || !is_known) return null;
    return /^\d{1,4}$/.test(number!) ? { charger_id, kind, connector_id: Number(number) } : null;
  }

  #of(charger_id: string): string {
    return `${this.root}/chargers/${encodeSegment(charger_id)}`;
  }
}

/** Percent-encodes what has a meaning in topics, and whatever else is not a letter, a digit or one of `.-_`. */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(
    /[!~*'()]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
