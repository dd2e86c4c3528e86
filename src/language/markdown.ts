/** Text as Markdown that shows it as it is. */
export function escapeMarkdown(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_{}[\]()#+!<>|~&$-]/g, '\\$&');
}

/** Text as a code span on one line, whatever backticks it has. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  let longest = 0;
  for (const [ticks] of line.matchAll(/`+/g)) longest = Math.max(longest, ticks.length);
  const fence = '`'.repeat(longest + 1);
  const pad = line === '' || line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Blanks around line breaks become one. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, (blanks) => (/[\r\n]/.test(blanks) ? ' ' : blanks));
}
