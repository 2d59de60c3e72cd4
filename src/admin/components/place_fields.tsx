// The inputs of a position.
import { Field } from "./parts.tsx";

interface PlaceProps {
  /** The labels of latitude and longitude. */
  labels: [string, string];
  latitude: number | null;
  longitude: number | null;
  /** Percent of a plan in place of degrees. */
  percent?: boolean;
}

/** The inputs of a position: `latitude` and `longitude` of the surrounding form. */
export function PlaceFields({ labels, latitude, longitude, percent }: PlaceProps) {
  const input = (name: string, limit: number, value: number | null) => (
    <input
      name={name}
      type="number"
      step="any"
      min={percent ? 0 : -limit}
      max={percent ? 100 : limit}
      defaultValue={value ?? ""}
    />
  );
  return (
    <>
      <Field label={labels[0]}>{input("latitude", 90, latitude)}</Field>
      <Field label={labels[1]}>{input("longitude", 180, longitude)}</Field>
    </>
  );
}
