import { readArguments, type GivenOption, type ReadArguments } from './sbatchArguments';
import { readLines, type SbatchLines } from './sbatchLines';
import type { SbatchWord } from './sbatchWords';

/** A script as sbatch reads it. */
export interface SbatchScript extends SbatchLines {
  text: string;
  /** One list of arguments for each component of a heterogeneous job; other jobs have one. */
  components: ReadArguments[];
}

/**
 * Reads an sbatch script as Slurm 22.05 does: all `#SBATCH` and `#SLURM` lines up to the first command form one list of
 * arguments. Total; offsets are those of the text.
 */
export function readSbatch(text: string): SbatchScript {
  const lines = readLines(text);
  const lists: SbatchWord[][] = [[]];
  for (const line of lines.directives) {
    for (const word of line.words) lists.at(-1)?.push(word);
    if (line.separator !== undefined) lists.push([]);
    // sbatch ends here: what follows is never read.
    if (line.fault !== undefined) break;
  }
  return { ...lines, text, components: lists.map(readArguments) };
}

/** The options of a script in effect, by long name: the last of equal ones wins. A script with several components has none. */
export function optionsOf({ components }: SbatchScript): Map<string, GivenOption> {
  const [first, ...more] = components;
  if (first === undefined || more.length > 0) return new Map();
  return new Map(first.options.map((given) => [given.option.same ?? given.option.long, given]));
}
