// Parsing of Server-Sent Events.

/** Calls `onEvent` for each complete event in a text; returns the incomplete rest. */
export function parse(text: string, onEvent: (type: string, data: Record<string, unknown>) => void): string {
  const blocks = text.split("\n\n");
  const rest = blocks.pop()!;
  for (const block of blocks) {
    const lines = block.split("\n");
    const field = (name: string) =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const type = field("event");
    const data = field("data");
    if (type && data) onEvent(type, JSON.parse(data));
  }
  return rest;
}
