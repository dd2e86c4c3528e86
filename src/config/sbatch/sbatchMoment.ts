const words = ['today', 'tomorrow', 'midnight', 'noon', 'fika', 'teatime'];

/**
 * Whether sbatch takes a text for a moment (`--begin`, `--deadline`; Slurm 22.05, tried on it): words, `now+2hours`,
 * `HH:MM[:SS][am|pm]`, `YYYY-MM-DD[THH:MM[:SS]]`, `MM/DD[/YY]`, `MMDD[YY]`, one after the other.
 */
export function isMoment(text: string): boolean {
  // Separators alone are no moment.
  if (/^[ \t\n\-T]*$/.test(text)) return false;
  let rest = text;
  while (rest !== '') {
    const after = skip(rest);
    if (after === undefined) return false;
    rest = after;
  }
  return true;
}

/** The text after its first part; undefined where that is none. */
function skip(text: string): string | undefined {
  const first = text[0] ?? '';
  // In capitals TODAY, TOMORROW and TEATIME lose their first letter: it separates a date from a time.
  if (' \t\n-T'.includes(first)) return text.slice(1);
  const lower = text.slice(0, 8).toLowerCase();
  const word = words.find((one) => lower.startsWith(one));
  if (word !== undefined) return text.slice(word.length);
  if (lower.startsWith('now')) {
    const [all] =
      /^now[ \t]*(?:[+-][ \t]*\d+[ \t]*(?:(?:second|minute|hour|day|week)s?)?)?$/i.exec(text) ?? [];
    return all === undefined ? undefined : '';
  }
  const time = /^(\d{1,2}):(\d\d)(?::(\d\d))?[ \t]*([ap]m)?/i.exec(text);
  if (time !== null) {
    const [all, hour, minute, second = '0', half] = time;
    const most = half === undefined ? 23 : 12;
    if (Number(hour) > most || Number(minute) > 59 || Number(second) > 59) return undefined;
    return text.slice(all.length);
  }
  const iso = /^(\d{4})-(\d\d)-(\d\d)/.exec(text);
  if (iso !== null) return isDay(iso[2], iso[3]) && Number(iso[1]) > 1970 ? text.slice(10) : undefined;
  const us = /^(\d{1,2})([/.])(\d{1,2})(?:[/.](\d\d))?/.exec(text) ?? /^(\d\d)()(\d\d)(\d\d)?/.exec(text);
  return us !== null && isDay(us[1], us[3]) ? text.slice(us[0].length) : undefined;
}

function isDay(month = '', day = ''): boolean {
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
}
