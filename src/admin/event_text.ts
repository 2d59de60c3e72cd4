// Parsing of Server-Sent Events.

/** The receivers of what a text has. */
export interface EventReceiver {
  onEvent(type: string, data: Record<string, unknown>): void;
  /** The id after which a later stream continues. */
  onId?(id: string): void;
}

/** Passes on each complete event in a text; returns the incomplete rest. */
export function parse(text: string, { onEvent, onId }: EventReceiver): string {
  const blocks = text.split("\n\n");
  const rest = blocks.pop()!;
  for (const block of blocks) {
    const lines = block.split("\n");
    const field = (name: string) =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const id = field("id");
    if (id) onId?.(id);
    const type = field("event");
    const data = field("data");
    if (type && data) onEvent(type, JSON.parse(data));
  }
  return rest;
}
