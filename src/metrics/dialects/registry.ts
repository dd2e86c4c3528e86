import { stripAnsi } from '../../base/plainText';
import type { Dialect, Reading } from './dialect';
import { mxnet } from './mxnet';
import { pairs } from './pairs';
import { pytorchImagenet } from './pytorchImagenet';

/** In order: a dialect with structure wins over plain pairs. */
const dialects: readonly Dialect[] = [mxnet, pytorchImagenet, pairs];

/** What the first dialect that knows the line reads in it; undefined when no dialect does or there is no value. */
export function readLine(line: string): { reading: Reading; dialect: Dialect } | undefined {
  const text = stripAnsi(line);
  for (const dialect of dialects) {
    const reading = dialect.read(text);
    if (reading !== undefined) return reading.values.size > 0 ? { reading, dialect } : undefined;
  }
  return undefined;
}
