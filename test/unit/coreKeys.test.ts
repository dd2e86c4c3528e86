import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger';
import { CoreConfig } from '../../src/coreConfig';
import { CoreKeys } from '../../src/coreKeys';
import { PracticeClient } from '../../src/practice/practiceClient';
import { failureOf, makeSshRig } from '../support/sshRig';

const rig = makeSshRig();
afterAll(() => rig.stop());

it('reads a hostfile on the head before it is asked which hosts there are', async () => {
  const head = await rig.sshd();
  rig.know(head);
  const folder = rig.home.directory;
  const practice = new PracticeClient({ stateDir: folder, extensionPath: folder, logger: silentLogger });
  rig.later(() => practice.dispose());
  const config = new CoreConfig(practice);
  const keys = new CoreKeys(config, rig.home.pool());
  const [file, hostfile] = [join(folder, 'rankwise.yaml'), join(folder, 'hosts')];
  const reach = `host: ${head.host}, port: ${head.port}, user: ${head.user}, identityFile: ${head.clientKey}`;
  writeFileSync(
    file,
    `version: 1\nclusters:\n  lab:\n    hosts: { onHead: ${hostfile} }\n    head: { ${reach}, name: leader }\n    proxyJump: head\n`,
  );
  await config.reload(file);
  expect(config.current?.problems).toEqual([]);
  expect((await failureOf(keys.prove('lab'))).code).toBe('cluster.hostfileUnreadable');
  writeFileSync(hostfile, 'localhost slots=1\nother.invalid slots=1\n');
  const reaches = await keys.prove('lab');
  expect(reaches.map(({ from, to }) => `${from} ${to}`)).toEqual([
    'leader other.invalid',
    'other.invalid leader',
  ]);
});
