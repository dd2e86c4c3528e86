import type { LogBytes } from '../runs/model';
import { ByteCursor } from './byteCursor';
import { readLine } from './dialects/registry';
import { LineSplitter, type Line } from './lines';
import { WorkerSeries } from './workerSeries';

const newline = 0x0a;

/** One worker's way from bytes to series. */
export class WorkerPipeline {
  private generation = 0;
  private cursor: ByteCursor;
  private splitter = new LineSplitter();
  private currentSeries = new WorkerSeries();
  private lineCount = 0;
  private pointCount = 0;
  private lastText = '';

  constructor(private readonly worker: string) {
    this.cursor = new ByteCursor(worker);
  }

  /** The series of the newest generation; another object after a new one has begun. */
  get series(): WorkerSeries {
    return this.currentSeries;
  }

  /** Complete lines, as `wc -l` counts them. */
  get lines(): number {
    return this.lineCount;
  }

  get points(): number {
    return this.pointCount;
  }

  /** The last line that is not empty, as it was printed. */
  get lastLine(): string {
    return this.lastText;
  }

  /**
   * Takes bytes of the log. Known bytes and earlier generations are skipped; a later generation starts anew.
   * @returns What became of it.
   * @throws RankwiseError `metrics.hole` when bytes before these are missing.
   */
  feed(piece: LogBytes): 'reset' | 'grown' | 'unchanged' {
    if (piece.generation < this.generation) return 'unchanged';
    const reset = piece.generation > this.generation;
    const cursor = reset ? new ByteCursor(this.worker) : this.cursor;
    const fresh = cursor.take(piece.offset, piece.bytes);
    if (reset) this.restart(piece.generation, cursor);
    for (const byte of fresh) if (byte === newline) this.lineCount++;
    this.splitter.push(fresh, (line) => this.read(line));
    if (reset) return 'reset';
    return fresh.length > 0 ? 'grown' : 'unchanged';
  }

  /** Reads the unfinished last line: call when nothing more will be written. */
  end(): void {
    this.splitter.flush((line) => this.read(line));
  }

  private restart(generation: number, cursor: ByteCursor): void {
    this.generation = generation;
    this.cursor = cursor;
    this.splitter = new LineSplitter();
    this.currentSeries = new WorkerSeries();
    this.lineCount = 0;
    this.pointCount = 0;
    this.lastText = '';
  }

  private read(line: Line): void {
    if (line.text.trim() !== '') this.lastText = line.text;
    // A line that was cut may end in the middle of a number.
    const found = line.cut ? undefined : readLine(line.text);
    if (found === undefined) return;
    this.currentSeries.add(found.reading, found.dialect.scope, line.offset);
    this.pointCount += found.reading.values.size;
  }
}
