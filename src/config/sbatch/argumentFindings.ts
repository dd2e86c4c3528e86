import { suggest } from '../suggest';
import type { SbatchScript } from './readSbatch';
import type { ArgumentFault, GivenOption } from './sbatchArguments';
import { shown, type SbatchFinding } from './sbatchFinding';
import { plugInOptions, sbatchOptions, stepOptions } from './sbatchOptions';
import { valueFault } from './sbatchValues';

/** sbatch ends at the first refusal. A hundred are plenty to mend, and looking for what each one meant takes time. */
const mostFaults = 100;

/** What sbatch refuses in its list of arguments, and values that it refuses. */
export function argumentFindings({ components }: SbatchScript): SbatchFinding[] {
  return components.flatMap(({ options, faults }) => [
    ...faults.slice(0, mostFaults).map((fault) => faultFinding(fault)),
    ...options.flatMap((given) => valueFinding(given)),
  ]);
}

function faultFinding(fault: ArgumentFault): SbatchFinding {
  const { kind, spelling, start, end, option } = fault;
  const as = (code: string, severity: SbatchFinding['severity'], message: string): SbatchFinding => ({
    code,
    severity,
    message,
    start,
    end,
  });
  switch (kind) {
    case 'word': {
      const dash = /^[\u2010-\u2015\u2212]+/.test(spelling)
        ? ' Its dash is not the one of the keyboard.'
        : '';
      return as(
        'word',
        'error',
        `${shown(spelling)} is no option, and sbatch refuses the script.${dash} Options begin with \`--\` or \`-\`; a value with blanks needs quotes.`,
      );
    }
    case 'unknownShort': {
      const long = singleDash(spelling);
      return long === undefined
        ? as('unknownOption', 'error', `There is no option ${shown(spelling)}.`)
        : as('singleDash', 'error', `${shown(spelling)} is read letter by letter. Write \`--${long}\`.`);
    }
    case 'ambiguous':
      return as(
        'ambiguous',
        'error',
        `${shown(spelling)} may be ${(fault.candidates ?? [])
          .slice(0, 6)
          .map((long) => `\`--${long}\``)
          .join(', ')}. Write it in full.`,
      );
    case 'needsValue':
      return as(
        'needsValue',
        'error',
        `\`--${option?.long ?? ''}\` needs a value: \`--${option?.long ?? ''}=…\`.`,
      );
    case 'takesNoValue':
      return as('takesNoValue', 'error', `\`--${option?.long ?? ''}\` takes no value. Write it alone.`);
    case 'unknownLong': {
      if (stepOptions.has(spelling.slice(2))) {
        const message = `${shown(spelling)} is no option of sbatch. Write it after \`srun\` in the script.`;
        return as('unknownOption', 'error', message);
      }
      const near = plugInOptions.has(spelling.slice(2)) ? undefined : nearOption(spelling);
      return near === undefined
        ? as(
            'plugInOption',
            'information',
            `${shown(spelling)} is no option of Slurm. If no plug-in of the site adds it, sbatch refuses the script.`,
          )
        : as('unknownOption', 'error', `There is no option ${shown(spelling)}. Did you mean \`--${near}\`?`);
    }
  }
}

/** Options of releases before 19.05, and those that took their place. */
const former: ReadonlyMap<string, string> = new Map([
  ['workdir', 'chdir'],
  ['share', 'oversubscribe'],
  ['nprocs', 'ntasks'],
]);

/** The option that a wrong spelling most likely means. */
export function nearOption(spelling: string): string | undefined {
  if (stepOptions.has(spelling.slice(2))) return undefined;
  const name = spelling.replace(/^-+/, '');
  const plain = name.toLowerCase().replaceAll('_', '-');
  const replaced = former.get(plain);
  if (replaced !== undefined) return replaced;
  if (sbatchOptions.has(plain)) return plain;
  const near = suggest(name, sbatchOptions.keys());
  // Of short words a third is little: `--image` is not `--time`.
  return near !== undefined && Math.abs(near.length - name.length) <= 2 ? near : undefined;
}

function valueFinding(given: GivenOption): SbatchFinding[] {
  const { option, spelling, value, start, valueStart, valueEnd } = given;
  if (value === undefined) return [];
  const fault = valueFault(option.kind, value, option.long);
  const short = spelling.startsWith('--') ? undefined : spelling;
  const long = short === undefined || valueStart !== given.end ? undefined : singleDash(short + value);
  if (long !== undefined) {
    const message = `This is \`${spelling} ${shown(value).slice(1, -1)}\` for Slurm. Write \`--${long}\`.`;
    const equals = value.indexOf('=');
    const end = equals === -1 ? valueEnd : Math.min(valueEnd, valueStart + equals);
    return [{ code: 'singleDash', severity: fault === undefined ? 'warning' : 'error', message, start, end }];
  }
  if (short !== undefined && value.startsWith('=') && valueStart === given.end) {
    const message = `After \`${spelling}\` the \`=\` belongs to the value. Write \`${spelling} ${shown(value.slice(1)).slice(1, -1)}\` or \`--${option.long}=…\`.`;
    return [
      {
        code: 'shortEquals',
        severity: fault === undefined ? 'warning' : 'error',
        message,
        start,
        end: valueEnd,
      },
    ];
  }
  if (fault === undefined) return [];
  const what =
    value === ''
      ? `\`--${option.long}\` has no value`
      : `${shown(value)} is refused for \`--${option.long}\``;
  return [
    {
      code: 'value',
      severity: 'error',
      message: `${what}. ${fault}`,
      start: valueStart,
      end: Math.max(valueEnd, valueStart),
    },
  ];
}

/** `-ntasks=1`, `-output`: the long option that one dash too few hides. */
export function singleDash(word: string): string | undefined {
  const name = word.slice(1).split('=', 1)[0] ?? '';
  return name.length > 2 && sbatchOptions.has(name) ? name : undefined;
}
