import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/readConfig';
import type { HostStatus } from '../../../src/core';
import { applyEdits } from '../../../src/language/applyEdits';
import { hostsEdits } from '../../../src/vscode/editors/hostsEdits';
import { foundGpus } from '../../../src/vscode/editors/hostsLive';
import { hostsChecks, hostsState } from '../../../src/vscode/editors/hostsState';
import type { HostsEdit, HostsState } from '../../../src/protocol/hosts';
import { readHostsToPage } from '../../../src/protocol/hosts';

const path = '/w/hosts';
const gpu = (index: number) => ({ index, name: 'A100' });
const reachable = (gpus: number): HostStatus => ({
  kind: 'reachable',
  cores: 8,
  gpus: Array.from({ length: gpus }, (_, index) => gpu(index)),
  load: 0.5,
  latencyMs: 2,
});

async function look(
  text: string,
  {
    launcher = 'mpirun',
    cluster = '',
    statuses = {},
    trusted = true,
  }: {
    launcher?: string | undefined;
    cluster?: string;
    statuses?: Record<string, HostStatus>;
    trusted?: boolean;
  } = {},
): Promise<HostsState> {
  const yaml = `version: 1\nclusters:\n  lab:\n    hosts: hosts\n${cluster}launches:\n  train:\n    cluster: lab\n    launcher: ${launcher}\n    command: python3 train.py\n`;
  const config = await readConfig(
    '/w/rankwise.yaml',
    (file) => Promise.resolve(file === path ? text : yaml),
    undefined,
  );
  const status = (_: string, host: string): HostStatus => statuses[host] ?? { kind: 'unknown' };
  const checks = hostsChecks(path, text, config, foundGpus(path, config, status));
  const state = hostsState({ path, text, config, checks, trusted, status });
  expect(readHostsToPage({ type: 'snapshot', version: 1, state })).toBeDefined();
  return state;
}

describe('what the hosts editor is told', () => {
  it('is each line, and for each launcher whether it takes the file, that of the launch first', async () => {
    const { lines, chips } = await look('# a\nnode1 slots=2\nnode2\n', { launcher: 'horovodrun' });
    expect(lines.map(({ kind, host, slots }) => [kind, host, slots])).toEqual([
      ['comment', '', ''],
      ['host', 'node1', '2'],
      ['host', 'node2', ''],
    ]);
    expect(chips.map(({ id, used, problem }) => [id, used, problem?.severity, problem?.line])).toEqual([
      ['horovodrun', true, 'error', 0],
      ['mpirun', false, undefined, undefined],
      ['deepspeed', false, 'error', 2],
      ['mxnet', false, expect.any(String), 0],
      ['ssh', false, undefined, undefined],
    ]);
    expect(lines[0]?.problem?.severity).toBe('error');
  });

  it('is what is known of each enabled host, also of one that has another port than its neighbour', async () => {
    const { lines } = await look('node1 slots=2\nnode1 slots=2 port=2222\n#node3 slots=2\nnode4 slots=2\n', {
      launcher: 'ssh',
      statuses: {
        node1: reachable(2),
        'node1-2222': { kind: 'unreachable', reason: 'node1-2222 refused the connection', code: 'x' },
        node4: { kind: 'checking' },
      },
    });
    expect(lines.map(({ live }) => live?.text)).toEqual([
      '2 ms · load 0.5',
      'refused the connection',
      undefined,
      'checking…',
    ]);
    expect(lines[0]?.live).toMatchObject({ kind: 'reachable', gpus: 2, gpuText: 'GPU 0: A100\nGPU 1: A100' });
  });

  it('is nothing of hosts where the workspace is not trusted, or no cluster has the file', async () => {
    const untrusted = await look('node1 slots=2\n', { trusted: false });
    expect(untrusted.noCheck).toContain('not trusted');
    expect(untrusted.lines[0]?.live).toBeNull();
    const checks = hostsChecks(path, 'node1\n', undefined, new Map());
    const alone = hostsState({
      path,
      text: 'node1\n',
      config: undefined,
      checks,
      trusted: true,
      status: () => ({ kind: 'unknown' }),
    });
    expect(alone.noCheck).toContain('No cluster');
    expect(alone.chips.every(({ used }) => !used)).toBe(true);
  });

  it('warns of more slots than there are GPUs, once they are known', async () => {
    const known = await look('node1 slots=4\n', { statuses: { node1: reachable(2) } });
    expect(known.lines[0]?.problem).toMatchObject({ severity: 'warning' });
    expect(known.lines[0]?.problem?.message).toContain('2 GPUs');
    expect((await look('node1 slots=4\n')).lines[0]?.problem).toBeNull();
  });
});

describe('a change of the hosts editor', () => {
  const change = async (text: string, edit: HostsEdit, statuses: Record<string, HostStatus> = {}) => {
    const state = await look(text, { statuses });
    return applyEdits(
      text,
      hostsEdits(text, edit, () => state),
    );
  };

  it('fills slots from the GPUs that were found, and leaves hosts without any as they are', async () => {
    const text = 'node1 slots=1\nnode2\n#node3\nnode4 slots=7\nnode5\n';
    const statuses = { node1: reachable(4), node2: reachable(2), node4: reachable(0) };
    expect(await change(text, { kind: 'fillSlots' }, statuses)).toBe(
      'node1 slots=4\nnode2 slots=2\n#node3\nnode4 slots=7\nnode5\n',
    );
    await expect(change(text, { kind: 'fillSlots' })).rejects.toThrow('no GPU is known');
  });

  it('adds hosts with the slots of the others', async () => {
    expect(await change('a slots=3\n#b slots=9\n', { kind: 'insert', before: 2, text: 'n[1-2]' })).toBe(
      'a slots=3\n#b slots=9\nn1 slots=3\nn2 slots=3\n',
    );
  });

  it('is what was asked for, for lines that exist', async () => {
    const text = 'a slots=1\nb slots=2\n';
    expect(await change(text, { kind: 'set', lines: [0, 1], field: 'slots', value: '5' })).toBe(
      'a slots=5\nb slots=5\n',
    );
    expect(await change(text, { kind: 'enable', lines: [1], enabled: false })).toBe(
      'a slots=1\n#b slots=2\n',
    );
    expect(await change(text, { kind: 'move', lines: [0], by: 1 })).toBe('b slots=2\na slots=1\n');
    expect(await change(text, { kind: 'duplicate', lines: [0] })).toBe('a slots=1\na2 slots=1\nb slots=2\n');
    expect(await change(text, { kind: 'remove', lines: [0, 9] })).toBe('b slots=2\n');
    expect(await change(text, { kind: 'setLine', line: 1, text: '# b' })).toBe('a slots=1\n# b\n');
    await expect(change(text, { kind: 'set', lines: [9], field: 'slots', value: '5' })).rejects.toThrow(
      'line 10',
    );
  });
});
