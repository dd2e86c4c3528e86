import type { TagStyle } from '../launch/plan';
import type { LogBytes } from '../runs/model';
import { ByteCursor } from './byteCursor';
import type { Dialect } from './dialects/dialect';
import { Lanes } from './lanes';
import { LineSplitter, type Line } from './lines';
import { startTags } from './tags/startTags';
import { isWorker, ownKey, type TagReader, type WorkerAttributes, type WorkerKey } from './tags/tagReader';
import { WorkerRecord } from './workerRecord';

const newline = 0x0a;

/** How to read one log. */
export interface LogOptions {
  /** Default `none`: every line is of the process itself. */
  tags?: TagStyle;
  /** Hosts as the launcher was given them; needed for `deepspeed`. */
  hosts?: readonly string[];
  /** How many workers print into the log, where that is known: no more lanes are made. */
  workers?: number;
  /** What no tag gives to another worker is of the process itself, a worker too; only repeated lines make further lanes. */
  isWorker?: boolean;
  /** Dialects that a person defined; they win. */
  dialects?: readonly Dialect[];
}

/** One log's way from bytes to the series of its workers. */
export class LogPipeline {
  /** What the process itself printed; with `tags: 'none'` all of it. */
  own: WorkerRecord;
  /** Complete lines of the whole log, as `wc -l` counts them. */
  lines = 0;

  private generation = 0;
  private cursor: ByteCursor;
  private splitter = new LineSplitter();
  private tags: TagReader;
  private byKey = new Map<WorkerKey, WorkerRecord>();
  private hasTags = false;
  private mixed = new Map<WorkerKey, { reader: WorkerRecord; lanes: Lanes }>();

  /** @param log Names it in errors, such as `node1/0`. */
  constructor(
    private readonly log: string,
    private readonly options: LogOptions = {},
  ) {
    this.cursor = new ByteCursor(log);
    this.tags = startTags(options.tags ?? 'none', options.hosts);
    this.own = this.record();
  }

  /** What each worker named or told apart in the log has said, by key; another object after a new generation. */
  get workers(): ReadonlyMap<WorkerKey, WorkerRecord> {
    return this.byKey;
  }

  /** What the log says about a worker. */
  attributes(key: WorkerKey): WorkerAttributes {
    return this.tags.attributes(key);
  }

  /**
   * Takes bytes of the log. Known bytes and earlier generations are skipped; a later generation starts anew.
   * @returns What became of it.
   * @throws RankwiseError `metrics.hole` when bytes before these are missing.
   */
  feed(piece: LogBytes): 'reset' | 'grown' | 'unchanged' {
    if (piece.generation < this.generation) return 'unchanged';
    const reset = piece.generation > this.generation;
    const cursor = reset ? new ByteCursor(this.log) : this.cursor;
    const fresh = cursor.take(piece.offset, piece.bytes);
    if (reset) this.restart(piece.generation, cursor);
    for (const byte of fresh) if (byte === newline) this.lines++;
    this.splitter.push(fresh, (line) => this.tags.read(line, this.attribute));
    if (reset) return 'reset';
    return fresh.length > 0 ? 'grown' : 'unchanged';
  }

  /** Reads the unfinished last line and hands on what waits: call when nothing more will be written. */
  end(): void {
    this.splitter.flush((line) => this.tags.read(line, this.attribute));
    this.tags.end(this.attribute);
  }

  private restart(generation: number, cursor: ByteCursor): void {
    this.generation = generation;
    this.cursor = cursor;
    this.splitter = new LineSplitter();
    this.tags = startTags(this.options.tags ?? 'none', this.options.hosts);
    this.byKey = new Map();
    this.mixed = new Map();
    this.hasTags = false;
    this.own = this.record();
    this.lines = 0;
  }

  private readonly attribute = (key: WorkerKey, line: Line): void => {
    if (isWorker(key)) {
      this.hasTags = true;
      const record = this.of(key);
      record.take(line, record.read(line));
    } else if (this.options.tags === undefined || this.options.tags === 'none') {
      this.own.take(line, this.own.read(line));
    } else this.takeMixed(key, line);
  };

  /**
   * A line of the launcher or of all workers of a host: its text is the launcher's. Its values make a lane, unless the
   * workers of this log are named by tags: then they are the launcher's, too.
   */
  private takeMixed(key: WorkerKey, line: Line): void {
    let stream = this.mixed.get(key);
    if (stream === undefined) {
      stream = { reader: this.record(), lanes: new Lanes(this.options.workers) };
      this.mixed.set(key, stream);
    }
    const found = stream.reader.read(line);
    const ofLauncher = key === ownKey && this.hasTags;
    const [first] = found;
    const lane = first === undefined || ofLauncher ? undefined : stream.lanes.of(first);
    const isOwn = lane === undefined || (lane === 0 && key === ownKey && this.options.isWorker === true);
    this.own.take(line, isOwn ? found : []);
    if (isOwn) return;
    const prefix = key === ownKey ? 'lane' : `lane/${key.slice('host/'.length)}`;
    this.of(`${prefix}/${lane}`).take(line, found);
  }

  private of(key: WorkerKey): WorkerRecord {
    let record = this.byKey.get(key);
    if (record === undefined) {
      record = this.record();
      this.byKey.set(key, record);
    }
    return record;
  }

  private record(): WorkerRecord {
    return new WorkerRecord(this.options.dialects ?? []);
  }
}
