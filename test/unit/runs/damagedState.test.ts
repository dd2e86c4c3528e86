import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/logger';
import { Registry, type StoredRun } from '../../../src/runs/registry';
import { RunManager } from '../../../src/runs/runManager';
import { thisMachinePlan, thisMachineSsh } from '../../support/thisMachineRuns';

let root: string;
let said: string[];
let closing: { dispose(): void }[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rankwise-damaged-'));
  [said, closing] = [[], []];
  for (const id of ['one', 'two']) new Registry(root, silentLogger).save(stored(id));
});
afterEach(() => {
  for (const one of closing) one.dispose();
  rmSync(root, { recursive: true });
});

const stored = (id: string): StoredRun => ({
  version: 1,
  id,
  number: 1,
  launch: 'train',
  plan: thisMachinePlan(id),
  startedAt: 0,
  warnings: ['kept'],
  final: { kind: 'gone', hosts: ['node1'] },
});
const logger = {
  ...silentLogger,
  error: (text: string) => said.push(text),
  warn: (text: string) => said.push(text),
};
function manager(): RunManager {
  const ssh = thisMachineSsh(root);
  const runs = new RunManager(root, ssh, logger, () => Promise.resolve(undefined));
  closing.push(runs, ssh);
  return runs;
}
const runFile = (id: string): string => join(root, 'runs', id, 'run.json');
const shown = (runs: RunManager): string[] => runs.all.map(({ id }) => id).sort();

it.each([
  ['empty', ''],
  ['cut short', '{"version": 1, "id": "o'],
  ['of nothing', '{}'],
  ['null', 'null'],
  ['of another run', JSON.stringify(stored('two'))],
  [
    'of a plan without hosts',
    JSON.stringify({ ...stored('one'), plan: { ...thisMachinePlan('one'), hosts: null } }),
  ],
])('a run whose file is %s is named once with its file, and disturbs no other', (_, text) => {
  writeFileSync(runFile('one'), text);
  const runs = manager();
  expect(shown(runs)).toEqual(['two']);
  runs.takeUpAll();
  expect(runs.takeUp('one')).toBeUndefined();
  expect(said).toEqual([expect.stringContaining(`${runFile('one')} is damaged (`)]);
  expect(said[0]).toContain('Check its cluster to find it on its hosts again');
});

it('a damaged run that is found on its hosts is in the list again', () => {
  writeFileSync(runFile('one'), '{}');
  const runs = manager();
  expect(runs.adopt([thisMachinePlan('one'), thisMachinePlan('two')])).toBe(1);
  expect(shown(runs)).toEqual(['one', 'two']);
  expect(new Registry(root, silentLogger).read('one')).toMatchObject({
    id: 'one',
    plan: thisMachinePlan('one'),
  });
});

it('a run keeps what its file says', () => {
  expect(new Registry(root, silentLogger).read('one')).toEqual(stored('one'));
});

it('damaged mirrors disturb no run', () => {
  const list = join(root, 'runs/one/hosts/node1/files.json');
  mkdirSync(dirname(list), { recursive: true });
  writeFileSync(list, '{"0.start":{"inode":"7","generation":0},"0.log":{"inode":"8","generation":0}}');
  expect(shown(manager())).toEqual(['one', 'two']);
  truncateSync(list, 20);
  expect(shown(manager())).toEqual(['one', 'two']);
  expect(said).toEqual([expect.stringContaining(list)]);
  expect([existsSync(`${list}.damaged`), readFileSync(list, 'utf8')]).toEqual([true, '{}']);
});
