// Changes to fields of a payload, by path.
import { isRecord } from "../../ocpp/frame.ts";

/** Returns a copy of a payload with fields set and removed; a path such as `meterValue.0.timestamp` that does not exist is skipped. */
export function altered(
  payload: object,
  { set, remove }: { set: Record<string, unknown>; remove: readonly string[] },
): object {
  const copy = structuredClone(payload);
  for (const [path, value] of Object.entries(set)) {
    changeAt(copy, path, (parent, name) => parent[name] = value);
  }
  for (const path of remove) changeAt(copy, path, (parent, name) => delete parent[name]);
  return copy;
}

function changeAt(
  payload: object,
  path: string,
  change: (parent: Record<string, unknown>, name: string) => void,
): void {
  const names = path.split(".");
  const name = names.pop()!;
  let parent: unknown = payload;
  for (const step of names) parent = isContainer(parent) ? parent[step] : undefined;
  if (isContainer(parent)) change(parent, name);
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return isRecord(value) || Array.isArray(value);
}
