import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notWritable, writingState } from '../base/stateDir';

/**
 * Numbers that runs of a launch have taken: an empty file each, made exclusively, so that two processes that have read the
 * same list of runs never give the same number. They stay when a run is removed: what `#3` meant once, it means for ever.
 */
export class RunNumbers {
  private readonly root: string;

  constructor(private readonly stateDir: string) {
    this.root = join(stateDir, 'numbers');
    writingState(stateDir, () => mkdirSync(this.root, { recursive: true, mode: 0o700 }));
  }

  /** Takes the first free number of a launch from `least` on. */
  take(launch: string, least: number): number {
    for (let number = least; ; number++) {
      try {
        writeFileSync(this.file(launch, number), '', { flag: 'wx', mode: 0o600 });
        return number;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
        throw notWritable(this.stateDir, error);
      }
    }
  }

  /** The name of a launch found on a host may be anything. */
  private file(launch: string, number: number): string {
    const key = createHash('sha256').update(launch).digest('hex').slice(0, 32);
    return join(this.root, `${key}.${number}`);
  }
}
