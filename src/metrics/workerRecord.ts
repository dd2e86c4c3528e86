import { stripAnsi } from '../base/plainText';
import type { Dialect } from './dialects/dialect';
import { readNotFinite, type NotFinite } from './dialects/notFinite';
import { LineReader, type Found } from './dialects/registry';
import type { Line } from './lines';
import type { MetricName } from './point';
import { WorkerSeries } from './workerSeries';

/** What one worker, or one log, has said in one life of the log. */
export class WorkerRecord {
  readonly series = new WorkerSeries();
  /** Printed lines: the states of a progress bar are one. */
  lines = 0;
  points = 0;
  /** The last line that is not empty, as it was printed. */
  lastLine = '';
  /** True once values came in a format that rank 0 alone prints: silence of the others means nothing then. */
  rank0Reports = false;

  /** Losses that are no numbers now, by name, with the byte offset of the first line that said so. */
  readonly notFinite = new Map<MetricName, NotFinite & { offset: number }>();

  private readonly reader: LineReader;

  /** @param own Dialects that a person defined. */
  constructor(own: readonly Dialect[]) {
    this.reader = new LineReader(own);
  }

  /** Reads a line for its values without keeping any. */
  read(line: Line): readonly Found[] {
    // A line that was cut may end in the middle of a number.
    return line.cut ? [] : this.reader.read(line.text);
  }

  /** Counts and keeps a line and what was found in it. */
  take(line: Line, found: readonly Found[]): void {
    if (!line.continues) this.lines++;
    if (line.text.trim() !== '') this.lastLine = line.text;
    if (!line.cut) this.noteNotFinite(line, found);
    for (const { reading, dialect } of found) {
      this.series.add(reading, reading.scope ?? dialect.scope, line.offset);
      this.points += reading.values.size;
      if (dialect.reporters === 'rank0') this.rank0Reports = true;
    }
  }

  private noteNotFinite(line: Line, found: readonly Found[]): void {
    for (const one of readNotFinite(stripAnsi(line.text))) {
      const reading = found[0]?.reading;
      if (this.notFinite.has(one.name)) continue;
      const place = { epoch: reading?.epoch ?? one.epoch, step: reading?.step ?? one.step };
      this.notFinite.set(one.name, { ...one, ...place, offset: line.offset });
    }
    if (this.notFinite.size === 0) return;
    for (const { reading } of found) for (const name of reading.values.keys()) this.notFinite.delete(name);
  }
}
