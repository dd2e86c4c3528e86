import { stripAnsi } from '../../base/plainText';
import type { Dialect, ReadLine, Reading } from './dialect';
import { deepspeed } from './deepspeed';
import { elapsed } from './elapsed';
import { epochTable } from './epochTable';
import { horovod } from './horovod';
import { huggingFace } from './huggingFace';
import { keras } from './keras';
import { lightning } from './lightning';
import { mxnet } from './mxnet';
import { objects } from './objects';
import { pairs } from './pairs';
import { pytorchImagenet } from './pytorchImagenet';
import { pytorchMnist } from './pytorchMnist';
import { rayResults } from './rayResults';
import { spacedPairs } from './spacedPairs';
import { timm } from './timm';

/** In order: a dialect with structure wins over plain pairs. */
export const dialects: readonly Dialect[] = [
  rayResults,
  mxnet,
  pytorchImagenet,
  pytorchMnist,
  timm,
  epochTable,
  horovod,
  keras,
  lightning,
  huggingFace,
  deepspeed,
  elapsed,
  objects,
  spacedPairs,
  pairs,
];

/** What a line says, and in which dialect. */
export interface Found {
  reading: Reading;
  dialect: Dialect;
}

type Reader = { dialect: Dialect; read: ReadLine };

const nothing: readonly Found[] = [];

function started(list: readonly Dialect[]): Reader[] {
  return list.map((dialect) => ({ dialect, read: dialect.start() }));
}

/** Reads the lines of one worker, in order: some dialects remember a heading above. Total; bounded memory. */
export class LineReader {
  private readonly own: readonly Reader[];
  private readonly readers = started(dialects);

  /** @param own Dialects that a person defined: all of them are asked, and their values win. */
  constructor(own: readonly Dialect[] = []) {
    this.own = started(own);
  }

  /** What the line says by the dialects that a person defined and by the first other one that knows it. */
  read(line: string): readonly Found[] {
    const text = stripAnsi(line);
    const found = this.own.length === 0 ? nothing : this.readOwn(text);
    const known = this.readKnown(text);
    if (known === undefined || found.length === 0) return known === undefined ? found : [known];
    const taken = new Set(found.flatMap(({ reading }) => [...reading.values.keys()]));
    const left = [...known.reading.values].filter(([name]) => !taken.has(name));
    if (left.length === 0) return found;
    return [...found, { dialect: known.dialect, reading: { ...known.reading, values: new Map(left) } }];
  }

  private readOwn(text: string): Found[] {
    return this.own.flatMap(({ dialect, read }) => {
      const reading = read(text);
      return reading === undefined ? [] : [{ dialect, reading }];
    });
  }

  private readKnown(text: string): Found | undefined {
    for (const { dialect, read } of this.readers) {
      const reading = read(text);
      if (reading !== undefined) return reading.values.size > 0 ? { reading, dialect } : undefined;
    }
    return undefined;
  }
}
