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
import { pairs } from './pairs';
import { pytorchImagenet } from './pytorchImagenet';
import { pytorchMnist } from './pytorchMnist';
import { rayResults } from './rayResults';
import { spacedPairs } from './spacedPairs';

/** In order: a dialect with structure wins over plain pairs. */
export const dialects: readonly Dialect[] = [
  rayResults,
  mxnet,
  pytorchImagenet,
  pytorchMnist,
  epochTable,
  horovod,
  keras,
  lightning,
  huggingFace,
  deepspeed,
  elapsed,
  spacedPairs,
  pairs,
];

/** What a line says, and in which dialect. */
export interface Found {
  reading: Reading;
  dialect: Dialect;
}

/** Reads the lines of one worker, in order: some dialects remember a heading above. Total; bounded memory. */
export class LineReader {
  private readonly readers: readonly { dialect: Dialect; read: ReadLine }[];

  /** @param own Dialects that a person defined; they win. */
  constructor(own: readonly Dialect[] = []) {
    this.readers = [...own, ...dialects].map((dialect) => ({ dialect, read: dialect.start() }));
  }

  /** What the first dialect that knows the line reads in it; undefined when no dialect does or there is no value. */
  read(line: string): Found | undefined {
    const text = stripAnsi(line);
    for (const { dialect, read } of this.readers) {
      const reading = read(text);
      if (reading !== undefined) return reading.values.size > 0 ? { reading, dialect } : undefined;
    }
    return undefined;
  }
}
