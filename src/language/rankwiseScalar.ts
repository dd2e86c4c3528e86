/** Text that means itself without quotes, in block and flow style. */
const plain = /^[A-Za-z0-9_./~](?:[\w./@+~^%-]|:(?=\S)| (?=[\w./@+~]))*$/;

/** What YAML 1.2 reads as something else than text. */
const otherKind =
  /^(?:~|null|true|false|[-+]?(?:\.?\d[\d_]*(?:\.\d*)?(?:e[-+]?\d+)?|\.inf|0o[0-7]+|0x[\da-f]+)|\.nan)$/i;

/** A value as YAML on one line: text is quoted where it would mean something else. */
export function scalarText(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  return plain.test(value) && !otherKind.test(value) ? value : JSON.stringify(value);
}

/** New text for a scalar that stands in the file as `written`, in its quotes. */
export function likeWritten(written: string, value: string): string {
  if (written.startsWith('"')) return JSON.stringify(value);
  if (written.startsWith("'") && /^[ -~\u00a0-\uffff]*$/.test(value))
    return `'${value.replaceAll("'", "''")}'`;
  return scalarText(value);
}
