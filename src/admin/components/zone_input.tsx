// An input for a time zone, with all names that the browser knows as suggestions.

/** The input. */
export function ZoneInput({ name, value }: { name: string; value: string }) {
  return (
    <>
      <input name={name} list="zones" maxlength={64} defaultValue={value} autocomplete="off" />
      <datalist id="zones">
        {Intl.supportedValuesOf("timeZone").map((zone) => <option key={zone} value={zone} />)}
      </datalist>
    </>
  );
}
