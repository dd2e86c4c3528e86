import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { repository } from '../../../scripts/machine/repository.mjs';
import { createCli, type Cli } from '../../support/cli';
import { createLab, type Lab, type LabOptions } from '../../support/lab';
import { createTestCore, type TestCore } from '../../support/testCore';

/** A lab with a window and a command line on it. */
export interface Rig {
  lab: Lab;
  test: TestCore;
  cli: Cli;
  dispose(): Promise<void>;
}

/**
 * Builds a lab with the programs of this directory below `/mnt`, and has both read the configuration.
 * @param configure gives the clusters and the launches as YAML.
 */
export async function createRig(
  options: LabOptions,
  configure: (lab: Lab) => { clusters: string; launches: string },
): Promise<Rig> {
  const lab = await createLab(options);
  const { clusters, launches } = configure(lab);
  const test = await createTestCore(lab.sshConfigFile);
  const cli = await createCli(lab.sshConfigFile);
  const yaml = `version: 1\nclusters:\n${clusters}launches:\n${launches}`;
  for (const file of ['print.py', 'rayPrint.py']) {
    await copyFile(join(repository, 'test/lab/faults', file), join(lab.truth.outside, file));
  }
  await test.configure(yaml);
  await cli.configure(yaml);
  expect(test.core.config.current?.problems).toEqual([]);
  const looking = test.core.runs.watchQueues();
  return {
    lab,
    test,
    cli,
    dispose: async () => {
      looking.dispose();
      await test.dispose();
      await cli.dispose();
      await lab.dispose();
    },
  };
}
