import type { SbatchScript } from './readSbatch';
import { shown, type SbatchFinding } from './sbatchFinding';

/** What sbatch cannot read of the lines, and what it leaves out without a word. */
export function lineFindings({
  text,
  directives,
  foreign,
  lookAlikes,
  firstCommand,
}: SbatchScript): SbatchFinding[] {
  const findings: SbatchFinding[] = [];
  const add = (
    code: string,
    severity: SbatchFinding['severity'],
    message: string,
    start: number,
    end: number,
  ): void => {
    findings.push({ code, severity, message, start, end });
  };
  const command = firstCommand === undefined ? '' : firstLine(text, firstCommand);
  for (const { kind, start, end } of lookAlikes) {
    switch (kind) {
      case 'late':
        add(
          'late',
          'warning',
          `Slurm leaves this out: it reads no directive after the first command, ${shown(command)}. Move it above.`,
          start,
          end,
        );
        break;
      case 'indented':
        add(
          'indented',
          'warning',
          'Slurm leaves this out: `#SBATCH` has to stand at the beginning of the line. Delete the blanks before it.',
          start,
          end,
        );
        break;
      case 'misspelt':
        add(
          'misspelt',
          'warning',
          'Slurm leaves this out: a directive begins with `#SBATCH`, in capitals.',
          start,
          end,
        );
        break;
      case 'blank':
        add(
          'blank',
          'hint',
          'This is a comment, not a directive: there is a blank before SBATCH.',
          start,
          end,
        );
        break;
    }
  }
  for (const { mark, start, fault, cutAt, emptyAt, end, separator, words } of [...directives, ...foreign]) {
    if (mark === '#SLURM') {
      const message = '`#SLURM` is read, but sbatch says that it is wrong. Write `#SBATCH`.';
      add('slurmMark', 'warning', message, start, start + mark.length);
    }
    if (fault?.kind === 'quote') {
      const message =
        'This quote has no end, and sbatch refuses the script. Close it, or put the word in quotes of the other kind.';
      add('quote', 'error', message, fault.start, fault.end);
    } else if (fault !== undefined) {
      const message = 'sbatch refuses a word that begins with `:`. Delete it, or put the word in quotes.';
      add('colon', 'error', message, fault.start, fault.end);
    }
    if (cutAt !== undefined) {
      const cut = firstLine(text, cutAt);
      const message = `Slurm takes ${shown(cut)} for a comment, also without a blank before it. Put a blank before \`#\`, or the word in quotes.`;
      add('cutByComment', 'warning', message, cutAt, cutAt + cut.length);
    }
    if (emptyAt !== undefined && firstLine(text, emptyAt).trim() !== '') {
      add(
        'emptyWord',
        'warning',
        'Slurm reads this line no further: the word is empty. Write `--option=""`.',
        emptyAt,
        end,
      );
    }
    if (separator !== undefined && words.length > 0) {
      const message = `\`${separator.text}\` begins the next component also here, and Slurm reads the line no further. Put it on a line of its own.`;
      add('separator', 'warning', message, separator.start, separator.end);
    }
  }
  return findings;
}

function firstLine(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? undefined : end).trimEnd();
}
