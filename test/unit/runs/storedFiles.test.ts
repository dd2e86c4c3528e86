import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/logger';
import type { ClusterModel, LaunchModel } from '../../../src/config/model';
import { readConfig } from '../../../src/config/readConfig';
import { recordWorkspace, type RunRecord } from '../../../src/runs/leaves/runRecord';
import { Registry } from '../../../src/runs/registry';
import { RunManager } from '../../../src/runs/runManager';
import type { StoredGroup, StoredTrial } from '../../../src/runs/trials/group';
import { GroupManager } from '../../../src/runs/trials/groupManager';
import { GroupStore } from '../../../src/runs/trials/groupStore';
import { thisMachineSsh } from '../../support/thisMachineRuns';

let root: string;
let said: string[];
let closing: { dispose(): void }[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rankwise-stored-'));
  [said, closing] = [[], []];
});
afterEach(() => {
  for (const one of closing) one.dispose();
  rmSync(root, { recursive: true });
});
const logger = { ...silentLogger, error: (text: string) => said.push(text) };

const examples = join(import.meta.dirname, '../../../examples');
const files = readdirSync(examples)
  .map((name) => join(examples, name, 'rankwise.yaml'))
  .filter((file) => existsSync(file));
interface Entry {
  launch: LaunchModel;
  cluster: ClusterModel;
}
async function entriesOf(file: string): Promise<Entry[]> {
  const { launches, clusters } = await readConfig(file, (path) => readFile(path, 'utf8'), undefined);
  return launches.flatMap((launch) => {
    const cluster = clusters.find(({ name }) => name === launch.cluster);
    return cluster === undefined ? [] : [{ launch, cluster }];
  });
}
async function someEntry(): Promise<Entry> {
  const [entry] = await entriesOf(join(examples, 'launchers/rankwise.yaml'));
  if (entry === undefined) throw new Error('no example');
  return entry;
}

const trials: StoredTrial[] = [
  { id: 'a', label: 'lr 1', values: { lr: '1' }, repeat: 1, state: 'queued', attempts: 0, queuedAt: 1 },
  {
    id: 'b',
    label: 'lr 2',
    values: { lr: '2' },
    repeat: 1,
    state: 'done',
    run: 'run-b',
    slot: { host: 'node1', index: 0, gpu: undefined },
    attempts: 1,
    queuedAt: 1,
    setUpAt: 2,
    startedAt: 3,
    endedAt: 4,
  },
];
const over = trials.filter(({ state }) => state === 'done');
const group = (id: string, { launch, cluster }: Entry, trials: StoredTrial[]): StoredGroup => ({
  version: 1,
  id,
  launch,
  cluster,
  values: {},
  queuedAt: 1,
  trials,
});
const record = async ({ launch }: Entry): Promise<RunRecord> => ({
  ...(await recordWorkspace(launch, false, false)),
  git: { commit: 'a'.repeat(40), branch: undefined, isDirty: true, diff: '-1\n+2\n', isDiffCut: false },
  packages: [
    { hosts: ['node1'], versions: { torch: '2.1', absent: null } },
    { hosts: ['node2'], versions: {}, reason: 'no python' },
  ],
});

it.each(files)('launches and clusters of %s are read back as they were stored', async (file) => {
  const [groups, registry] = [new GroupStore(root, logger), new Registry(root, logger)];
  const entries = await entriesOf(file);
  for (const [index, entry] of entries.entries()) {
    const id = `g${index}`;
    groups.save(group(id, entry, trials));
    expect(groups.read(id)).toEqual(group(id, entry, trials));
    writeRecord(id, '');
    registry.saveRecord(id, await record(entry));
    expect(registry.readRecord(id)).toEqual(await record(entry));
  }
  expect([entries.length > 0, said]).toEqual([true, []]);
});

function writeRecord(id: string, text: string): string {
  const directory = join(root, 'runs', id);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'record.json'), text);
  return join(directory, 'record.json');
}

describe('a damaged file', () => {
  it.each<[string, (good: StoredGroup) => unknown]>([
    ['nothing', () => ''],
    ['half of it', (good) => JSON.stringify(good).slice(0, 100)],
    ['null', () => null],
    ['another group', (good) => ({ ...good, id: 'other' })],
    ['no trials', (good) => ({ ...good, trials: undefined })],
    ['a strange trial', (good) => ({ ...good, trials: [{ ...good.trials[0], state: 'lost' }] })],
    ['a launch without files', (good) => ({ ...good, launch: { ...good.launch, files: null } })],
    ['a cluster without hosts', (good) => ({ ...good, cluster: { ...good.cluster, hosts: {} } })],
  ])('of a group that holds %s is named once, kept, and disturbs no other', async (_, damage) => {
    const entry = await someEntry();
    const store = new GroupStore(root, silentLogger);
    for (const id of ['one', 'two']) store.save(group(id, entry, over));
    const file = join(root, 'groups/one.json');
    const bad = damage(group('one', entry, over));
    const text = typeof bad === 'string' ? bad : JSON.stringify(bad);
    writeFileSync(file, text);

    const groups = manager();
    groups.refresh();
    expect(groups.all.map(({ id }) => id)).toEqual(['two']);
    expect(said).toEqual([expect.stringContaining(`${file} is damaged (`)]);
    expect(said[0]).toMatch(/\); the group is not shown .* Put the file right, or remove it\.$/);
    expect(readFileSync(file, 'utf8')).toBe(text);

    store.save(group('one', entry, over));
    groups.refresh();
    expect(groups.all.map(({ id }) => id).sort()).toEqual(['one', 'two']);
  });

  it.each<[string, (good: RunRecord) => unknown]>([
    ['nothing', () => ''],
    ['half of it', (good) => JSON.stringify(good).slice(0, 100)],
    ['a list', () => []],
    ['git without a commit', (good) => ({ ...good, git: { branch: 'main' } })],
    ['versions that are none', (good) => ({ ...good, packages: [{ hosts: [], versions: { a: {} } }] })],
  ])('of a record that holds %s is named once and kept', async (_, damage) => {
    const good = await record(await someEntry());
    const bad = damage(good);
    const text = typeof bad === 'string' ? bad : JSON.stringify(bad);
    const file = writeRecord('one', text);
    const registry = new Registry(root, logger);
    expect([registry.readRecord('one'), registry.readRecord('one')]).toEqual([undefined, undefined]);
    expect(said).toEqual([expect.stringContaining(`${file} is damaged (`)]);
    expect(said[0]).toMatch(/\); what the run one was made of is not shown\. Put the file right/);
    expect(readFileSync(file, 'utf8')).toBe(text);
    registry.saveRecord('one', good);
    expect(registry.readRecord('one')).toEqual(good);
  });

  function manager(): GroupManager {
    const ssh = thisMachineSsh(root);
    const runs = new RunManager(root, ssh, silentLogger, () => Promise.resolve(undefined));
    const groups = new GroupManager(root, runs, ssh, (cluster) => Promise.resolve(cluster), logger);
    closing.push(groups, runs, ssh);
    return groups;
  }
});
