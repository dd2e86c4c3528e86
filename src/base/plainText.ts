const escape = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);

/** CSI sequences (colours, cursor), OSC sequences (titles, links) and two-character escapes of ECMA-48. */
const ansi = new RegExp(
  [
    `${escape}\\[[0-?]*[ -/]*[@-~]`,
    `${escape}\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)`,
    `${escape}[ -/]*[0-Z\\\\^-~]`,
  ].join('|'),
  'g',
);
const controls = /\p{Cc}+/gu;
/** Also what turns the direction of text: names would read in another order than they have. */
const obeyed = /(?![\t\n]|\r\n)[\p{Cc}\p{Bidi_Control}]/gu;
/** Control characters but for tab; an escape only where a colour begins. */
const otherControls = new RegExp(`(?!\\t)(?!${escape}\\[[0-9;:]*m)\\p{Cc}`, 'gu');

/** Text without terminal escape sequences. Linear in the length of the text. */
export function stripAnsi(text: string): string {
  return text.includes(escape) ? text.replace(ansi, '') : text;
}

/** Text fit for one row of a table: no escape sequences, no control characters, at most `limit` UTF-16 units. */
export function oneLine(text: string, limit: number): string {
  return stripAnsi(text).replace(controls, ' ').trim().slice(0, limit).toWellFormed();
}

/**
 * Text with control characters other than tab and line end, and those of direction, as `\\u001b`, which is valid within
 * JSON too: no terminal obeys it.
 */
export function visibleControls(text: string): string {
  return text.replace(obeyed, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A line whose colours may reach a terminal that others write to as well: nothing else of it moves or hides anything. */
export function coloursOnly(line: string): string {
  const colour = new RegExp(`^${escape}\\[[0-9;:]*m$`);
  const kept = line.replace(ansi, (sequence) => (colour.test(sequence) ? sequence : ''));
  return kept.replace(otherControls, '');
}
