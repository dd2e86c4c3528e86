import { RankwiseError } from '../base/errors';

/** A word that stays itself in shell text without quotes, and is no option. */
const PLAIN_WORD = /^[\p{L}\p{N}_./+@:,=~^][\p{L}\p{N}_./+@:,=~^-]*$/u;
/** Text that stays itself between double quotes. */
const PLAIN_QUOTED = /^[^$`"\\\n\r]*$/;

/**
 * Refuses values that a launcher would glue into shell text of its own, where they would mean more than themselves.
 * @param values by what they are, such as `workdir`; undefined ones are passed over.
 * @param quotes how the launcher quotes them.
 * @throws RankwiseError `launch.shellText`.
 */
export function refuseShellText(
  launcher: string,
  values: Readonly<Record<string, string | undefined>>,
  quotes: 'none' | 'double' = 'none',
): void {
  const plain = quotes === 'none' ? PLAIN_WORD : PLAIN_QUOTED;
  for (const [what, value] of Object.entries(values)) {
    if (value === undefined || plain.test(value)) continue;
    throw new RankwiseError(
      'launch.shellText',
      `${launcher} puts ${what} into a shell command of its own, where ${JSON.stringify(value)} would be more than a word`,
      { nextStep: `Use letters, digits and -_./+@:,= in ${what}.` },
    );
  }
}
