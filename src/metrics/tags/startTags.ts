import { stripAnsi } from '../../base/plainText';
import type { TagStyle } from '../../launch/plan';
import type { Line } from '../lines';
import { AutoTags } from './autoTags';
import { DeepspeedTags } from './deepspeedTags';
import { RankTags } from './rankTags';
import { RayTags } from './rayTags';
import { SrunLabels } from './srunLabels';
import { ownKey, type Attributed, type TagReader } from './tagReader';
import { TorchrunTags } from './torchrunTags';

const none: TagReader = {
  read: (line, emit) => emit(ownKey, line),
  end: () => undefined,
  attributes: () => ({}),
};

/**
 * The reader of one log's tags, as its plan declares them. Escape sequences (a coloured tag) are taken off first.
 * @param hosts Names of the hosts as the launcher was given them; needed for `deepspeed`.
 */
export function startTags(style: TagStyle, hosts: Iterable<string> = []): TagReader {
  if (style === 'none') return none;
  const reader = family(style, hosts);
  return {
    read: (line: Line, emit: Attributed) => {
      const text = stripAnsi(line.text);
      reader.read(text === line.text ? line : { ...line, text }, emit);
    },
    end: (emit) => reader.end(emit),
    attributes: (key) => reader.attributes(key),
  };
}

function family(style: Exclude<TagStyle, 'none'>, hosts: Iterable<string>): TagReader {
  switch (style) {
    case 'openmpi':
    case 'horovodrun':
      return new RankTags();
    case 'srunLabel':
      return new SrunLabels();
    case 'ray':
      return new RayTags();
    case 'torchrun':
      return new TorchrunTags();
    case 'deepspeed':
      return new DeepspeedTags(hosts);
    case 'auto':
      return new AutoTags();
  }
}
