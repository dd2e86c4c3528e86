import { describe, expect, it } from 'vitest';
import { importCommand, longestImport, mostImportedLaunches } from '../../../src/imports/importCommand';
import { LaunchDraft } from '../../../src/imports/launchDraft';
import { readSrun } from '../../../src/imports/launchers/slurm';

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');

describe('limits of an import', () => {
  it('refuse a text that is too long, and say how long and what to do', () => {
    const longest = `mpirun -np 2 python ${'é'.repeat(longestImport / 2 - 10)}`;
    expect(Buffer.byteLength(longest)).toBe(longestImport);
    expect(importCommand(longest)).toMatchObject({ launches: [{ dropped: [] }], dropped: [] });
    for (const text of [
      `${longest}x`,
      `#!/bin/bash\n#SBATCH -N 2\n${longest}`,
      `mpirun ${'-x A=1 '.repeat(128_000)}`,
    ]) {
      const { launches, refused } = importCommand(text);
      expect(launches).toEqual([]);
      expect(refused?.reason).toMatch(
        /^the text is (?:65|876) KiB long, and an import reads 64 KiB at most$/,
      );
      expect(refused?.nextStep).toMatch(/^Save it as a script /);
    }
  });

  it('refuse too many launches, and say how many', () => {
    const launches = (count: number): string => lines(count, (index) => `mpirun -np 2 python a${index}.py`);
    expect(importCommand(launches(mostImportedLaunches)).launches).toHaveLength(mostImportedLaunches);
    expect(importCommand(launches(51))).toEqual({
      launches: [],
      dropped: [],
      refused: {
        reason: 'the text starts 51 trainings, and an import takes 50 at most',
        nextStep: expect.stringMatching(/^Save it as a script /) as string,
      },
    });
    expect(importCommand(lines(60, (index) => `python a${index}.py`)).refused).toBeDefined();
    // Programs beside a launcher are none.
    const beside = importCommand(`mpirun -np 2 python a.py\n${lines(60, (index) => `python a${index}.py`)}`);
    expect(beside.launches).toHaveLength(1);
    expect(beside.dropped).toHaveLength(60);
  });

  it('are reached in a moment', () => {
    const both = (count: number): string =>
      lines(count, (index) => `export A${index}=1\nmpirun -np 2 python a${index}.py`);
    for (const text of [both(50), both(1500), `time ${'time '.repeat(13_000)}mpirun python a.py`]) {
      importCommand(both(10));
      const start = process.cpuUsage();
      importCommand(text);
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1000, text.slice(0, 20)).toBeLessThan(500);
    }
  });

  it('tell once what was set again, wherever it stands', () => {
    const text = 'export A=1\nexport A=2\npython p.py\nexport A=3\nmpirun python a.py\nmpirun python b.py\n';
    const { launches, dropped } = importCommand(text);
    expect(dropped).toEqual(['python p.py: it is started by no launcher', 'A=1: it is set again']);
    expect(launches.map((launch) => launch.dropped)).toEqual([['A=2: it is set again'], []]);
    const again = lines(4000, (index) => `export A=${index}`);
    const { launches: many } = importCommand(again + lines(50, (index) => `mpirun python a${index}.py`));
    expect(many.flatMap((launch) => launch.dropped)).toHaveLength(3999);
  });

  it('are no limits of the stack', () => {
    const words = Array.from({ length: 300_000 }, () => ({ source: '--x', text: '--x', plain: true }));
    const draft = new LaunchDraft('mpirun');
    draft.verbatim({ words });
    expect(draft.args).toHaveLength(words.length);
    expect(readSrun(words).own['srun']).toBeDefined();
  });
});
