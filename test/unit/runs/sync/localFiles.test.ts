import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { LaunchModel } from '../../../../src/config/model';
import { ownScriptOf } from '../../../../src/runs/slurm/ownScript';
import { prepareHosts, type PrepareContext } from '../../../../src/runs/sync/prepareHosts';
import { localFiles } from '../../../../src/runs/sync/localFiles';

const root = mkdtempSync(join(tmpdir(), 'rankwise-files-'));
const folder = join(root, 'folder');
mkdirSync(join(folder, 'src'), { recursive: true });
mkdirSync(join(root, 'folder-beside'));
writeFileSync(join(root, 'folder-beside/key'), 'private');
writeFileSync(join(folder, 'src/train.py'), 'pass');
symlinkSync(join(root, 'folder-beside/key'), join(folder, 'key'));
symlinkSync(join(root, 'folder-beside'), join(folder, 'beside'));
symlinkSync('src', join(folder, 'code'));
afterAll(() => rmSync(root, { recursive: true }));

const entry = (path: string): { local: string; remote: string } => ({
  local: join(folder, path),
  remote: path,
});

it.each(['key', 'beside', 'beside/key'])('refuses a link that leads out of the folder: %s', async (path) => {
  await expect(localFiles(folder, [entry(path)])).rejects.toMatchObject({
    code: 'config.leadsOut',
    message: expect.stringMatching(/folder\/\S+ leads to \S+folder-beside\S*, outside/) as string,
  });
});

it('takes a link that stays inside, also where the folder is reached by a link', async () => {
  expect((await localFiles(folder, [entry('code')])).map(({ remote }) => remote)).toEqual(['code/train.py']);
  symlinkSync(folder, join(root, 'home'));
  const local = join(root, 'home/src');
  expect(await localFiles(join(root, 'home'), [{ local, remote: 'src' }])).toHaveLength(1);
});

it('refuses such a link as script of Slurm and as training config, before a host is asked', async () => {
  const source = join(folder, 'rankwise.yaml');
  const refused = expect.objectContaining({ code: 'config.leadsOut' }) as Error;
  const launch = { source, slurm: { script: 'key' }, config: 'key' } as LaunchModel;
  expect(() => ownScriptOf(launch)).toThrow(refused);
  const plan = { sync: [], setupScripts: [] } as unknown as PrepareContext['plan'];
  await expect(prepareHosts({ launch, plan } as unknown as PrepareContext)).rejects.toEqual(refused);
});
