/**
 * Reads a text as `read` does. An editor asks several questions about one text, such as the fixes of each problem: the
 * answer for the last text is kept, and is not to be changed.
 */
export function readOnce<Read>(read: (text: string) => Read): (text: string) => Read {
  let last: { text: string; read: Read } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, read: read(text) };
    return last.read;
  };
}
