import { describe, expect, it } from 'vitest';
import { parseRankwise } from '../../../src/config/parseRankwise';
import { importCommand } from '../../../src/imports/importCommand';
import { importedInto } from '../../../src/imports/importedInto';
import type { ImportedLaunch } from '../../../src/imports/renderLaunch';
import { applyEdits } from '../../../src/language/applyEdits';

const imported = (text: string): ImportedLaunch => importCommand(text).launches[0]!;
const into = (text: string | undefined, launch: ImportedLaunch): { text: string; name: string } => {
  const inserted = importedInto(text, launch);
  expect(inserted?.edits).toHaveLength(1);
  return { text: applyEdits(text ?? '', inserted?.edits ?? []), name: inserted?.launch ?? '' };
};

describe('importedInto', () => {
  const launch = imported('mpirun -np 2 -H node1:2 python train.py');

  it('begins a file', () => {
    expect(into(undefined, launch).text).toBe(`version: 1
clusters:
  node1:
    hosts: [{host: node1, slots: 2}]
launches:
  train:
    cluster: node1
    launcher: mpirun
    command: [python, train.py]
    np: 2
`);
  });

  it('goes behind what is there, which stays as it is', () => {
    const text = `# mine
version: 1

launches:   # all
    other: { cluster: lab, launcher: ssh, command: 'x' } # one

clusters:
    lab:
        hosts: [node1]   # the one
`;
    const result = into(text, launch);
    expect(result.text).toBe(`# mine
version: 1

launches:   # all
    other: { cluster: lab, launcher: ssh, command: 'x' } # one
    train:
        cluster: node1
        launcher: mpirun
        command: [python, train.py]
        np: 2

clusters:
    lab:
        hosts: [node1]   # the one
    node1:
        hosts: [{host: node1, slots: 2}]
`);
  });

  it('uses a cluster that is there in the same words, and gives others and launches a number', () => {
    const once = into(undefined, launch).text;
    const twice = into(once, launch);
    expect(twice.name).toBe('train-2');
    expect(twice.text.match(/hosts: /g)).toHaveLength(1);
    const other = into(once, imported('mpirun -np 4 -H node1:4 python train.py'));
    expect(other.text).toContain('  node1-2:\n    hosts: [{host: node1, slots: 4}]\n');
    expect(other.text).toContain('  train-2:\n    cluster: "node1-2"\n');
    const third = into(other.text, imported('mpirun -np 4 -H node1:4 python b.py'));
    expect(third.text.match(/hosts: /g)).toHaveLength(2);
  });

  it('uses a cluster of another name that has the same hosts and says more', () => {
    const there = 'version: 1\nclusters:\n  lab: { user: me, hosts: machines }\n';
    const { text } = into(there, imported('mpirun -np 4 -hostfile machines python train.py'));
    expect(text).toContain('    cluster: "lab"\n');
    expect(text.match(/hosts: /g)).toHaveLength(1);
  });

  it('puts a launch for a known cluster alone', () => {
    const known = importCommand('mpirun -np 2 python b.py', { cluster: 'lab' }).launches[0]!;
    expect(into('version: 1\n', known).text).toBe(
      'version: 1\nlaunches:\n  b:\n    cluster: lab\n    launcher: mpirun\n    command: [python, b.py]\n    np: 2\n',
    );
  });

  it('gives the script of a launch a name that no other file has', () => {
    const script = '#!/bin/bash\n#SBATCH -N 2\nsrun python t.py\n';
    const job = imported(script);
    const alone = importedInto(undefined, job, ['rankwise.yaml', 'job.sh']);
    expect(alone?.file).toEqual({ path: 'job.sbatch', text: script });
    const edits = importedInto(undefined, job, ['Job.sbatch', 'job-2.sbatch']);
    expect(edits?.file).toEqual({ path: 'job-3.sbatch', text: script });
    expect(edits?.launch).toBe('job');
    const yaml = applyEdits('', edits?.edits ?? []);
    expect(parseRankwise(yaml).problems).toEqual([]);
    expect(yaml).toContain('script: "job-3.sbatch"\n');
    expect(yaml).not.toContain('script: job.sbatch');
    expect(importedInto(undefined, launch, ['job.sbatch'])).not.toHaveProperty('file');
  });

  it('touches nothing that does not parse', () => {
    expect(importedInto('launches: [', launch)).toBeUndefined();
  });
});
