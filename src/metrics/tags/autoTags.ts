import type { Line } from '../lines';
import { RankTags } from './rankTags';
import { RayTags } from './rayTags';
import { ownKey, type Attributed, type TagReader, type WorkerAttributes } from './tagReader';
import { TorchrunTags } from './torchrunTags';

/** Tags that plain text does not look like, each with the family that reads them. */
const unmistakable: readonly { pattern: RegExp; start: () => TagReader }[] = [
  { pattern: /\[(?:\d{1,10},)?\d{1,7}\]<(?:stdout|stderr|stddiag)>:/, start: () => new RankTags() },
  { pattern: /^\([^()]{1,200} pid=\d{1,10}(?:, ip=[\w.:]{1,64})?\) /, start: () => new RayTags() },
  { pattern: /^\[(?:default|trainer|worker|rank)\d{1,7}\]:/, start: () => new TorchrunTags() },
];
const maybe = /^[[(]|<std/;

/** For a log from elsewhere: the first tag that is seen says which family reads it from there on. */
export class AutoTags implements TagReader {
  private reader: TagReader | undefined;

  read(line: Line, emit: Attributed): void {
    this.reader ??= maybe.test(line.text)
      ? unmistakable.find(({ pattern }) => pattern.test(line.text))?.start()
      : undefined;
    if (this.reader === undefined) emit(ownKey, line);
    else this.reader.read(line, emit);
  }

  end(emit: Attributed): void {
    this.reader?.end(emit);
  }

  attributes(key: string): WorkerAttributes {
    return this.reader?.attributes(key) ?? {};
  }
}
