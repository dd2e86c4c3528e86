import { LineIndex } from '../lineIndex';
import type { Problem } from '../problem';
import { argumentFindings } from './argumentFindings';
import { conflictFindings } from './conflictFindings';
import { fileFindings } from './fileFindings';
import { foreignFindings } from './foreignFindings';
import { lessonFindings } from './lessonFindings';
import { lineFindings } from './lineFindings';
import { meaningFindings } from './meaningFindings';
import { readSbatch } from './readSbatch';
import type { SbatchUse } from './sbatchUse';
import { siteFindings } from './siteFindings';

/**
 * Checks an sbatch script. Pure and total. An error is what the client of Slurm 22.05, or the controller of every site,
 * refuses; a warning is what Slurm leaves out in silence or takes for something else, and what wastes a job.
 */
export function checkSbatch(text: string, use: SbatchUse = {}): Problem[] {
  const script = readSbatch(text);
  const findings = [
    ...fileFindings(text),
    ...lineFindings(script),
    ...foreignFindings(script),
    ...argumentFindings(script),
    ...conflictFindings(script, use.given ?? {}),
    ...meaningFindings(script),
    ...lessonFindings(script, use),
    ...(use.site === undefined ? [] : siteFindings(script, use.site)),
  ];
  const lines = new LineIndex(text);
  return findings
    .sort((a, b) => a.start - b.start)
    .map(({ code, severity, message, start, end }) => ({
      code: `sbatch.${code}`,
      severity,
      message,
      range: lines.range(start, end),
    }));
}
