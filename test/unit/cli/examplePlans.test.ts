import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/readConfig';
import type { Plan } from '../../../src/launch/plan';
import { createCli, type Cli } from '../../support/cli';

const examples = join(import.meta.dirname, '../../../examples');
const files = readdirSync(examples)
  .map((name) => ({ name, file: join(examples, name, 'rankwise.yaml') }))
  .filter(({ file }) => existsSync(file));

// A preview asks nothing of any host: no SSH configuration is needed.
describe('the command line plans every launch of the examples', () => {
  let cli: Cli;

  beforeAll(async () => {
    cli = await createCli('/dev/null');
  });
  afterAll(() => cli.dispose());

  it.each(files)('$name', async ({ file }) => {
    const { launches } = await readConfig(file, (path) => readFile(path, 'utf8'), undefined);
    expect(launches.length).toBeGreaterThan(0);
    for (const { name, launcher } of launches) {
      const { code, stdout, stderr } = await cli.run('plan', name, '--file', file, '--json');
      expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' });
      const plan = JSON.parse(stdout) as Plan;
      expect(plan).toMatchObject({ launch: name, launcher });
      expect(plan.processes.length).toBeGreaterThan(0);
    }
  });
});
