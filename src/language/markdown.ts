/** Text as Markdown that shows it as it is. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+!<>|~&$-]/g, '\\$&').replaceAll(/\s*[\r\n]\s*/g, ' ');
}

/** Text as a code span on one line, whatever backticks it has. */
export function codeSpan(text: string): string {
  const line = text.replaceAll(/\s*[\r\n]\s*/g, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line === '' || line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}
