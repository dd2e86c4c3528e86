import type { SbatchScript } from './readSbatch';
import type { GivenOption } from './sbatchArguments';
import { shown, type SbatchFinding } from './sbatchFinding';
import { timeSeconds, timeWords } from './sbatchTime';
import { isMailType, valueFault } from './sbatchValues';

/** What Slurm takes and what means something else than it looks like, or nothing. */
export function meaningFindings({ components }: SbatchScript): SbatchFinding[] {
  return components.flatMap(({ options }) => [
    ...duplicates(options),
    ...options.flatMap((given) => {
      if (
        given.value === undefined ||
        valueFault(given.option.kind, given.value, given.option.long) !== undefined
      )
        return [];
      const { code, severity = 'warning', message } = meaning(given, given.value) ?? {};
      if (code === undefined || message === undefined) return [];
      return [{ code, severity, message, start: given.valueStart, end: given.valueEnd }];
    }),
  ]);
}

type Meaning = Pick<SbatchFinding, 'code' | 'message'> & { severity?: SbatchFinding['severity'] };

function meaning({ option }: GivenOption, value: string): Meaning | undefined {
  const name = `\`--${option.long}\``;
  const variable =
    option.kind === 'export' || option.long === 'comment' || option.long === 'wrap'
      ? null
      : /\$(?:\{?[A-Za-z_]|\()/.exec(value);
  if (variable !== null) {
    const advice =
      option.kind === 'path'
        ? ' Write the path, or %u, %x, %j.'
        : ' Write the value, or give the option on the command line.';
    return {
      code: 'notExpanded',
      message: `Slurm expands no variables in directives: ${name} is literally ${shown(value)}.${advice}`,
    };
  }
  const { kind } = option;
  if (kind === 'time') return shortTime(value);
  if (kind === 'gres') return oddGres(value);
  if (kind === 'mailType') return ignoredMail(value);
  if (kind === 'path' && value.startsWith('~')) {
    const message =
      'Slurm expands no `~` in directives: this is a directory of that name. Write the path in full.';
    return { code: 'notExpanded', message };
  }
  if ((kind === 'nice' || kind === 'priority') && value !== '' && !/^\s*[+-]?\d+$/.test(value)) {
    const message = `${shown(value)} is no whole number: Slurm takes what stands before it, or 0.`;
    return { code: 'notANumber', message };
  }
  return undefined;
}

function ignoredMail(value: string): Meaning | undefined {
  const unknown = value.split(',').filter((word) => word !== '' && !isMailType(word));
  if (unknown.length === 0) return undefined;
  const blanks = unknown.some((word) => word !== word.trim()) ? ' Delete the blanks.' : '';
  const message = `Slurm leaves ${unknown.map(shown).join(', ')} out without a word.${blanks}`;
  return { code: 'ignoredWord', message };
}

/** `00:30` and `24:00`: minutes and seconds, where hours and minutes are meant. */
function shortTime(value: string): Meaning | undefined {
  const [, first, second] = /^(\d{1,3}):(\d{2})$/.exec(value) ?? [];
  const seconds = timeSeconds(value);
  if (first === undefined || second === undefined || seconds === undefined) return undefined;
  const isHours = second === '00' && ['12', '24', '36', '48', '72', '96'].includes(first);
  if (seconds > 60 && !isHours) return undefined;
  const meant = `${first.padStart(2, '0')}:${second}:00`;
  return {
    code: 'shortTime',
    message: `This is ${timeWords(seconds)}: two fields are minutes and seconds. If hours are meant, write \`${meant}\`.`,
  };
}

function oddGres(value: string): Meaning | undefined {
  if (/^(?:none|help|list)?$/i.test(value)) return undefined;
  const bare = value.split(',').find((item) => /^(?:gres[:/])?gpu(?::[A-Za-z][^:,]*)?$/.test(item));
  if (bare !== undefined) {
    return {
      code: 'gresCount',
      severity: 'information',
      message: `Without a number this is one GPU of each node. Write how many: \`${bare}:1\`.`,
    };
  }
  const odd = value
    .split(',')
    .find((item) => !/^(?:gres[:/])?[A-Za-z][\w.-]*(?::[A-Za-z][\w.-]*)?(?::\d+[KMGTP]?)?$/i.test(item));
  return odd === undefined
    ? undefined
    : { code: 'gresForm', message: `${shown(odd)} is not of the form \`gpu:4\` or \`gpu:a100:4\`.` };
}

/** Options that are said twice with different values: the last wins. */
function duplicates(options: readonly GivenOption[]): SbatchFinding[] {
  const last = new Map<string, GivenOption>();
  const findings: SbatchFinding[] = [];
  for (const given of [...options].reverse()) {
    const name = given.option.same ?? given.option.long;
    const later = last.get(name);
    if (later === undefined) last.set(name, given);
    // Kinds of mail add up (seen on 22.05).
    else if (later.value !== given.value && given.option.kind !== 'mailType') {
      const message = `This has no effect: further down \`--${name}\` is ${shown(later.value ?? 'said again')}, and the last one wins. Keep one.`;
      findings.push({
        code: 'duplicate',
        severity: 'warning',
        message,
        start: given.wholeStart,
        end: given.wholeEnd,
      });
    }
  }
  return findings.reverse();
}
