import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { repository } from '../../scripts/machine/repository.mjs';
import type { RunView } from '../../src/runs/model';
import { createLab, type Lab } from '../support/lab';
import { createTestCore, isOver, runReaches, type TestCore } from '../support/testCore';

const say = (): undefined => undefined;
const examples = ['train.py', 'config.json', 'tune.py', 'tune.json'];

describe('Ray on 2 hosts', () => {
  let lab: Lab;
  let test: TestCore;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'shared' });
  });
  afterAll(() => lab.dispose());
  beforeEach(async () => {
    test = await createTestCore(lab.sshConfigFile);
    for (const file of examples) {
      await copyFile(join(repository, 'examples/ray', file), join(test.folder, file));
    }
  });
  afterEach(() => test.dispose());

  /** `launches` below clusters with a recent Ray (`lab`) and the oldest one (`oldest`). */
  const config = (launches: string): string =>
    `version: 1
clusters:
${(['field', 'ray-oldest'] as const)
  .map(
    (python) => `  ${python}:
    hosts: [node1, node2]
    workdir: ~/ray-${python}
    setup: export PATH=${lab.python(python)}/bin:$PATH
`,
  )
  .join('')}launches:
${launches}`;

  const launch = (name: string, python: string, command: string, more = ''): string =>
    `  ${name}:
    cluster: ${python}
    launcher: ray
    command: ${command}
    files: [${examples.join(', ')}]
${more}`;

  async function start(launches: string, name: string): Promise<string> {
    await test.configure(config(launches));
    expect(test.core.config.current?.problems).toEqual([]);
    return (await test.core.runs.launch(name, say)).id;
  }

  const driverLog = (id: string): Promise<string> =>
    readFile(test.core.runs.logFile(id, 'node1/driver'), 'utf8');

  /** Waits until the driver has printed something. */
  async function driverSays(id: string, pattern: RegExp, timeout = 90_000): Promise<string> {
    await expect.poll(() => driverLog(id).catch(() => ''), { timeout, interval: 200 }).toMatch(pattern);
    return driverLog(id);
  }

  /** Processes of the run, and directories of any run below /tmp. */
  async function left(id: string): Promise<unknown[]> {
    const found = await Promise.all(
      lab.hosts.map(async ({ name }) => {
        const { stdout } = await lab.exec(name, 'ls -d /tmp/rankwise-* 2>/dev/null');
        return stdout.split('\n').filter((path) => path !== '');
      }),
    );
    return [...(await lab.processesWith(id)), ...found.flat()];
  }

  const endedWell = ({ state }: RunView): void =>
    expect(state).toEqual({
      kind: 'ended',
      exit: { code: 0, process: undefined },
      by: 'itself',
      proven: true,
    });

  it('trains one model on both hosts by Ray Train, and leaves nothing', async () => {
    const id = await start(
      launch('train', 'field', 'python train.py --storage ~/results', '    ray: { numCpus: 2 }\n'),
      'train',
    );
    endedWell(await runReaches(test, id, isOver, 110_000));
    const log = await driverLog(id);
    expect(log).toMatch(/rankwise: Ray 2\.\d+\.\d+ is ready after [\d.]+ s: 2 hosts, 4 CPUs, 0 GPUs/);
    expect(log).not.toContain('no lock');
    expect(await left(id)).toEqual([]);
  });
});
