import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageExtension } from '../../scripts/start/packageExtension.mjs';
import { processTree } from '../../scripts/vscode/processes.mjs';
import { pictureFailures, VsCode } from '../support/vscode';

/** Programs that Rankwise may start on this machine; each call is noted by a stand-in that then runs the real one. */
const programs = ['ssh', 'sh', 'bash', 'node', 'setsid'];

/** What VS Code starts by itself: language servers, its file search, and the look for open ports. */
const vsCodesOwn = [/\/lib\/vscode\//, /ls -l \/proc\//, /ps -F -A -l/, /^grep (socket:|root)$/];

describe('the package, installed as a user would, with workspace trust on', () => {
  let code: VsCode;
  let directory: string;
  let calls: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rankwise-'));
    calls = join(directory, 'calls');
    const bin = join(directory, 'bin');
    await mkdir(bin);
    await writeFile(calls, '');
    for (const program of programs) {
      const real = `for d in /usr/local/bin /usr/bin /bin; do [ -x "$d/${program}" ] && exec "$d/${program}" "$@"; done`;
      await writeFile(
        join(bin, program),
        `#!/bin/sh\necho "${program} $*" >> '${calls}'\n${real}\nexit 127\n`,
      );
      await chmod(join(bin, program), 0o755);
    }
    const vsix = join(directory, 'rankwise.vsix');
    await packageExtension(vsix);
    code = await VsCode.start({
      vsix,
      trustEverything: false,
      settings: { 'security.workspace.trust.startupPrompt': 'never' },
      env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` },
      workspace: {
        'rankwise.yaml':
          'version: 1\nclusters:\n  lab:\n    hosts: [127.0.0.1]\n    port: 1\nlaunches:\n' +
          '  train:\n    cluster: lab\n    launcher: ssh\n    command: "true"\n    np: two\n',
      },
    });
  });
  pictureFailures(() => code);
  afterAll(async () => {
    await code.close();
    await rm(directory, { recursive: true, force: true });
  });

  const childrenOfExtensionHost = () =>
    code.server
      .extensionHostPids()
      .flatMap((pid) => processTree(pid).slice(1))
      .map(({ argv }) => argv.join(' '))
      // A process that has ended has no words any more until it is collected; ours would have noted itself in `calls`.
      .filter((command) => command !== '');

  it('holds only what is needed to run', async () => {
    const extensions = join(code.directory, 'vscode/extensions');
    const [installed = ''] = (await readdir(extensions)).filter((name) => name.startsWith('rankwise.'));
    const files = await readdir(join(extensions, installed), { recursive: true, withFileTypes: true });
    const folders = files.filter((file) => file.isDirectory()).map(({ name }) => name);
    expect(folders).toContain('dist');
    expect(folders).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(src|test|scripts|node_modules)$/)]),
    );
    expect(files.map(({ name }) => name).filter((name) => name.endsWith('.map'))).toEqual([]);
  });

  it('checks files in an untrusted workspace, but starts nothing and connects nowhere', async () => {
    await code.openSideBar();
    await code.run('Problems: Focus on Problems View');
    await code.page.locator('.markers-panel .monaco-list-row').filter({ hasText: 'np' }).waitFor();
    await code.picture('untrusted');
    const children = new Set<string>();
    for (const end = Date.now() + 6000; Date.now() < end; await code.page.waitForTimeout(50)) {
      for (const child of childrenOfExtensionHost()) children.add(child);
    }
    expect([...children].filter((command) => !vsCodesOwn.some((own) => own.test(command)))).toEqual([]);
    expect(await readFile(calls, 'utf8')).toBe('');
  });

  it('asks its hosts once the workspace is trusted', async () => {
    await code.page
      .locator('.statusbar')
      .getByRole('button', { name: /Restricted Mode/ })
      .click();
    await code.page.getByRole('button', { name: 'Trust', exact: true }).click();
    await code.page
      .locator('.monaco-modal-editor-block')
      .getByRole('button', { name: /^Close/ })
      .click();
    await code.row(/^lab/).click();
    await code.row(/^127\.0\.0\.1.*unreachable/).waitFor();
    await code.picture('trusted');
    expect(await readFile(calls, 'utf8')).toMatch(/^ssh .*-G/m);
  });
});
