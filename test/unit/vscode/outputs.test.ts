import { expect, it } from 'vitest';
import { RankwiseError } from '../../../src/base/errors';
import type { OutputFile } from '../../../src/runs/leaves/listOutputs';
import { OutputLists } from '../../../src/vscode/outputs/outputLists';
import { outputRow, outputsRow } from '../../../src/vscode/text/outputText';
import { run as runView } from './samples';

const noon = new Date(2026, 4, 7, 12, 3).getTime();
const file: OutputFile = {
  host: 'node1',
  path: 'ckpt/deep/epoch 9.pt',
  bytes: 4_200_000,
  modifiedAt: noon,
  isNew: true,
};

it('name a file, its size and its time before its directory', () => {
  expect(outputRow(file, noon)).toMatchObject({
    label: 'epoch 9.pt',
    description: '4.2 MB · 12:03 · ckpt/deep',
    contextValue: 'output',
  });
  const old = { ...file, path: 'log.txt', isNew: false };
  expect(outputRow(old, noon + 86_400_000).description).toBe('4.2 MB · 2026-05-07 · before this run');
});

it('say what is looked for until somebody has looked, then what is there and who is silent', () => {
  expect(outputsRow(['ckpt/*.pt', 'log.txt'], undefined).description).toBe('ckpt/*.pt, log.txt');
  const silent = [{ host: 'node2', reason: 'refused' }];
  expect(outputsRow(['x'], { files: [file, file], silent, at: noon }).description).toBe(
    '1 host did not answer · 2 files · 8.4 MB',
  );
});

it('ask the hosts once for all who look, again when a running run may have more, and once when it has ended', async () => {
  let now = 0;
  let asked = 0;
  let run = runView({ state: { kind: 'running' } });
  const lists = new OutputLists(
    {
      runs: { get: () => run },
      outputs: {
        list: () => {
          asked++;
          const reason = new RankwiseError('ssh.refused', 'node2 refused', { nextStep: 'Start sshd' });
          return Promise.resolve({ files: [file], silent: [{ host: 'node2', reason }] });
        },
      },
    },
    () => now,
  );
  const [list] = await Promise.all([lists.of('1'), lists.of('1')]);
  expect(list.silent).toEqual([{ host: 'node2', reason: 'node2 refused. Start sshd' }]);
  await lists.of('1');
  expect(asked).toBe(1);
  now = 61_000;
  await lists.of('1');
  await lists.refresh('1');
  expect(asked).toBe(2);
  run = runView({ state: { kind: 'gone', hosts: ['node1'] }, endedAt: 70_000 });
  now = 71_000;
  await lists.of('1');
  await lists.refresh('1');
  now = 1_000_000;
  await lists.of('1');
  expect(asked).toBe(3);
  lists.dispose();
});
