import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCli, type Cli } from '../../support/cli';

// Nothing here asks a host.
describe('the command line', () => {
  let cli: Cli;

  beforeAll(async () => {
    cli = await createCli('/dev/null');
  });
  afterAll(() => cli.dispose());

  const lastLine = async (text: string, launch: string): Promise<string> => {
    await writeFile(join(cli.folder, 'other.yaml'), text);
    const { code, stderr } = await cli.run('plan', launch, '--file', 'other.yaml');
    expect(code).toBe(1);
    return stderr.trimEnd().split('\n').at(-1) ?? '';
  };

  it('says that a file cannot be used instead of missing a launch in it', async () => {
    expect(await lastLine('', 'a')).toMatch(/^no launch can be read from \S+other\.yaml\. Correct the error/);
    expect(await lastLine('launches:\n  - [\n', 'a')).toMatch(/^no launch can be read from/);
    const missing = await cli.run('plan', 'a', '--file', 'missing.yaml');
    expect(missing.stderr).toMatch(/missing\.yaml cannot be|missing\.yaml\. Correct/);
  });

  it('names the file and its launches where one is unknown', async () => {
    const yaml = 'version: 1\nlaunches:\n  one: { cluster: practice, launcher: ssh, command: hostname }\n';
    expect(await lastLine(yaml, 'two')).toMatch(
      /^there is no launch "two" in \S+other\.yaml\. There are: one\.$/,
    );
  });

  it('shows control characters of names instead of having a terminal obey them', async () => {
    const name = String.raw`"\e]0;title\a\e[2J\x9b1m"`;
    await writeFile(
      join(cli.folder, 'other.yaml'),
      `version: 1\nlaunches:\n  ${name}: { cluster: ${name} }\n`,
    );
    const { stdout, stderr } = await cli.run('plan', '\u001b[31mno', '--file', 'other.yaml');
    expect(stderr).toContain(String.raw`\u001b]0;title\u0007`);
    expect(stdout + stderr).not.toMatch(/(?![\n\t])\p{Cc}/u);
  });

  it('ends quietly when nobody reads on', async () => {
    await cli.configure(
      'version: 1\nclusters: { a: { hosts: [n1] } }\nlaunches:\n  one: { cluster: a, launcher: ssh, command: hostname }\n',
    );
    const child = cli.start('plan', 'one', '--verbose');
    child.stdout.destroy();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await once(child, 'close');
    expect(said).toBe('');
  });
});
