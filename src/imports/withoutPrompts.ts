/** `$`, `foo@bar:~$`, `(env) me@host:/dir$`, `[me@host dir]$`, `>` of a continued line. */
const PROMPT =
  /^[ \t]*(?:\([\w.-]{1,60}\)[ \t]*)?(?:\[?[\w.-]{1,60}@[\w.-]{1,60}(?:[: ][^\s$#%>]{0,200})?\]?[ \t]?[$#%]|[$%])[ \t]+/;
const FENCE = /^[ \t]*(?:```|~~~)[\w+-]*[ \t]*$/;

/** The same lines without the prompts of a terminal and the fences of Markdown. */
export function withoutPrompts(text: string): { text: string; dropped: string[] } {
  const dropped: string[] = [];
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => {
      if (FENCE.test(line.trimEnd())) {
        dropped.push(`${line.trim()}: it marks text as code`);
        return '';
      }
      const prompt = PROMPT.exec(line)?.[0];
      if (prompt === undefined) return line;
      dropped.push(`${prompt.trim()}: a prompt`);
      return line.slice(prompt.length);
    });
  return { text: lines.join('\n'), dropped };
}
