import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger';
import { readConfig } from '../../src/config/readConfig';
import { RunManager } from '../../src/runs/runManager';
import type { SshPool } from '../../src/ssh/connection';
import { createSshPool } from '../../src/ssh/sshPool';

let root: string;
let home: string;
let ssh: SshPool;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'rankwise-here-'));
  home = join(root, 'home');
  await mkdir(home);
  ssh = makePool();
});
afterAll(async () => {
  ssh.dispose();
  await rm(root, { recursive: true, force: true });
});

function makePool(): SshPool {
  return createSshPool({
    ask: { hostKey: () => Promise.resolve('reject'), secret: () => Promise.resolve(undefined) },
    logger: silentLogger,
    // No SSH program: this machine is reached without one.
    environment: { home, user: userInfo().username, sshProgram: '/nonexistent' },
  });
}

const manager = (pool: SshPool): RunManager =>
  new RunManager(join(root, 'state'), pool, silentLogger, () => Promise.resolve(undefined));

it('runs on this machine without SSH, survives the window, and is stopped by proof', async () => {
  const file = join(root, 'rankwise.yaml');
  await writeFile(
    file,
    `version: 1
clusters:
  here:
    hosts:
      - { host: here, local: true, slots: 2 }
launches:
  count:
    cluster: here
    launcher: ssh
    command: 'n=0; while [ $n -lt 3000 ]; do n=$((n + 1)); echo "line $n"; sleep 0.1; done'
    np: 2
    stop: { interruptSeconds: 2, terminateSeconds: 2 }
`,
  );
  const model = await readConfig(file, (path) => readFile(path, 'utf8'), undefined);
  const [launch] = model.launches;
  const [cluster] = model.clusters;
  if (launch === undefined || cluster === undefined) throw new Error(JSON.stringify(model.problems));

  const first = manager(ssh);
  const { id } = await first.launch(launch, cluster, {}, () => undefined);
  const log = (): Promise<string> => readFile(join(home, `.rankwise/runs/${id}/here/0.log`), 'utf8');
  await expect.poll(log).toContain('line 3\n');
  first.dispose();
  ssh.dispose();
  const lines = (await log()).split('\n').length;

  ssh = makePool();
  const second = manager(ssh);
  second.attachAll();
  const view = () => second.require(id).view;
  await expect.poll(() => view().contact['here']?.kind).toBe('connected');
  await expect.poll(async () => (await log()).split('\n').length).toBeGreaterThan(lines + 3);
  expect(view().state.kind).toBe('running');
  expect(await second.stop(id, () => undefined)).toEqual([]);
  await expect.poll(() => view().state.kind).toBe('ended');
  const remote = await log();
  await expect
    .poll(() => readFile(second.require(id).mirror('here')?.path('0.log') ?? '', 'utf8').catch(() => ''))
    .toBe(remote);
  second.dispose();
});
