import type { SbatchFinding } from './sbatchFinding';

/** What sbatch refuses of the file as a whole, before it reads a directive. */
export function fileFindings(text: string): SbatchFinding[] {
  const firstEnd = text.search(/[\r\n]|$/);
  const findings: SbatchFinding[] = [];
  const add = (code: string, message: string, start: number, end: number): void => {
    findings.push({ code, severity: 'error', message, start, end });
  };
  if (/^[ \t\v\f\r\n]*$/.test(text)) {
    add('empty', 'sbatch refuses an empty script. Begin it with `#!/bin/bash`.', 0, firstEnd);
    return findings;
  }
  if (text.startsWith('\uFEFF')) {
    const message =
      'sbatch wants `#!` as the first two characters, and here is a byte order mark. Save the file as UTF-8 without it.';
    add('byteOrderMark', message, 0, 1);
  } else if (!text.startsWith('#!')) {
    const message =
      'sbatch refuses a script whose first line is not `#!` and a shell. Put `#!/bin/bash` there, before all else.';
    add('noShebang', message, 0, firstEnd);
  }
  const crlf = text.indexOf('\r\n');
  if (crlf !== -1) {
    const start = Math.max(text.lastIndexOf('\n', crlf - 1), text.lastIndexOf('\r', crlf - 1)) + 1;
    add(
      'crlf',
      'sbatch refuses Windows line ends. Change the end of line to LF.',
      crlf === 0 ? 0 : start,
      crlf,
    );
  }
  const zero = text.indexOf('\0');
  if (zero !== -1)
    add('nulCharacter', 'Slurm refuses a script with a NUL character. Delete it.', zero, zero + 1);
  return findings;
}
