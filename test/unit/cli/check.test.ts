import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/cli/check';
import { createCli, type Cli } from '../../support/cli';

describe('check', () => {
  let cli: Cli;

  beforeAll(async () => {
    cli = await createCli('/dev/null');
  });
  afterAll(() => cli.dispose());

  let folders = 0;
  /** Files in a folder of their own, by their names in it. */
  const write = async (files: Record<string, string>): Promise<string> => {
    const folder = `f${++folders}`;
    for (const [name, text] of Object.entries(files)) {
      const path = join(cli.folder, folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    return folder;
  };
  const check = async (...words: string[]): Promise<{ code: number | null; findings: Finding[] }> => {
    const { code, stdout, stderr } = await cli.run('check', '--json', ...words);
    expect(stderr).toBe('');
    return { code, findings: JSON.parse(stdout) as Finding[] };
  };

  const replicas =
    '{\n  "num_replicas": 0,\n  "batch_size_per_replica": 2,\n  "num_epochs": 20,\n  "debug": 1\n}\n';

  it('prints findings as JSON with places from 1, and ends with 1 for an error', async () => {
    const folder = await write({ 'a.json': replicas });
    const { code, findings } = await check(`${folder}/a.json`);
    expect(code).toBe(1);
    expect(findings).toEqual([
      {
        file: `${folder}/a.json`,
        line: 2,
        column: 19,
        endLine: 2,
        endColumn: 20,
        severity: 'error',
        code: 'training.outOfRange',
        message: '`num_replicas` is 0. It must be at least 1.',
      },
      expect.objectContaining({ line: 5, column: 12, severity: 'warning', code: 'training.wrongType' }),
    ]);
  });

  it('prints a line for each finding, and ends with 0 without an error', async () => {
    const folder = await write({
      'a.json': replicas.replace(': 0', ': 1'),
      'b.json': '{ "debug": false }',
      'c.json': '{ "batch_size_per_replica": 2, "num_epochs": 20, "debug": false }',
    });
    const { code, stdout, stderr } = await cli.run('check', `${folder}/a.json`);
    expect(stdout).toMatch(
      new RegExp(
        `^${folder}/a\\.json:5:12: warning: \`debug\` is a number\\. .* \\[training\\.wrongType\\]\\n$`,
      ),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await check(`${folder}/b.json`, '--kind', 'training')).toEqual({ code: 0, findings: [] });
    expect(await check(`${folder}/c.json`)).toEqual({ code: 0, findings: [] });
  });

  it('checks the files that a rankwise.yaml names, once, for the launches that name them', async () => {
    const folder = await write({
      'rankwise.yaml': [
        'version: 1',
        'clusters: { lab: { hosts: conf/nodes, gpus: 2 } }',
        'launches:',
        '  a: { cluster: lab, launcher: ssh, command: python x.py, config: conf/t.cfg }',
        '',
      ].join('\n'),
      'conf/nodes': 'n1 slots=2\nn2 slots=2\n',
      'conf/t.cfg': '{ "num_replicas": 8, "debug": false }\n',
    });
    const expected = expect.objectContaining({
      file: `${folder}/conf/t.cfg`,
      column: 19,
      code: 'training.tooManyReplicas',
      message: expect.stringContaining('launch `a`') as string,
    }) as Finding;
    expect(await check(`${folder}/rankwise.yaml`)).toEqual({ code: 0, findings: [expected] });
    expect(await check(`${folder}/rankwise.yaml`, `${folder}/conf/t.cfg`)).toEqual({
      code: 0,
      findings: [expected],
    });
    // Its name and content do not say what it is: the file above does.
    expect(await check(`${folder}/conf/t.cfg`)).toEqual({ code: 0, findings: [expected] });
    expect(await check(`${folder}/conf/nodes`)).toEqual({ code: 0, findings: [] });
  });

  it('blocks a launch whose configuration has an error, and says so where it is named', async () => {
    const folder = await write({
      'rankwise.yaml': [
        'version: 1',
        'clusters: { lab: { hosts: [n1] } }',
        'launches:',
        '  a: { cluster: lab, launcher: ssh, command: x, config: t.json }',
        '  b: { cluster: lab, launcher: ssh, command: x, config: none.json }',
        '',
      ].join('\n'),
      't.json': '{\n  "debug": True\n}\n',
    });
    const { code, findings } = await check(`${folder}/rankwise.yaml`);
    expect(code).toBe(1);
    expect(
      findings.map((one) => `${one.file}:${one.line}:${one.column} ${one.severity} ${one.code}`),
    ).toEqual([
      `${folder}/rankwise.yaml:4:57 error rankwise.configErrors`,
      `${folder}/rankwise.yaml:5:57 warning rankwise.configUnreadable`,
      `${folder}/t.json:2:12 error training.syntax`,
    ]);
    expect(findings[0]?.message).toContain('line 2: JSON has no `True`');
  });

  it('checks a script with what its launch says, and against the training configuration', async () => {
    const folder = await write({
      'rankwise.yaml': [
        'version: 1',
        'clusters: { site: { login: me@login } }',
        'launches:',
        '  a: { cluster: site, launcher: slurm, config: t.json, slurm: { script: job.sh } }',
        '  b: { cluster: site, launcher: slurm, slurm: { script: bad.sh } }',
        '',
      ].join('\n'),
      't.json': '{ "nodes": 4, "gpus": 2, "num_workers": 8 }\n',
      'job.sh':
        '#!/bin/bash\n#SBATCH --nodes=2\n#SBATCH --ntasks-per-node=2 --gres=gpu:2\nsrun python x.py\n',
      'bad.sh': '#!/bin/bash\n#SBATCH --time=24h\nsrun python x.py\n',
    });
    const { code, findings } = await check(`${folder}/rankwise.yaml`);
    expect(code).toBe(1);
    expect(findings.map((one) => `${one.file}:${one.line} ${one.severity} ${one.code}`)).toEqual([
      `${folder}/rankwise.yaml:5 error rankwise.scriptErrors`,
      `${folder}/job.sh:2 warning sbatch.trainingNodes`,
      `${folder}/bad.sh:2 error sbatch.value`,
    ]);
  });

  it('judges a hostfile for the launcher that is named', async () => {
    const folder = await write({ 'nodes.hostfile': 'my_node slots=4\n' });
    const codes = async (...words: string[]): Promise<string[]> =>
      (await check(`${folder}/nodes.hostfile`, ...words)).findings
        .filter(({ severity }) => severity === 'error')
        .map((finding) => finding.code);
    expect(await codes('--launcher', 'mpirun')).toEqual(['hostfile.nameForOpenMpi']);
    expect(await codes('--launcher', 'ssh')).toEqual([]);
    const hosts = await write({ hosts: 'my_node\n' });
    expect((await check(`${hosts}/hosts`, '--launcher', 'mpirun')).code).toBe(1);
    expect((await cli.run('check', `${hosts}/hosts`)).code).toBe(2);
  });

  it('ends with 2 for wrong usage', async () => {
    const folder = await write({ 'what.txt': 'nothing\n' });
    for (const words of [
      ['check'],
      ['check', `${folder}/what.txt`],
      ['check', `${folder}/missing.json`],
      ['check', folder],
      ['check', `${folder}/what.txt`, '--kind', 'poem'],
      ['check', `${folder}/what.txt`, '--launcher', 'rocket'],
    ]) {
      const { code, stdout, stderr } = await cli.run(...words);
      expect({ words, code, stdout }).toEqual({ words, code: 2, stdout: '' });
      expect(stderr.trim()).not.toBe('');
    }
  });

  it('checks the other files where one cannot be read or is of no kind, and says which', async () => {
    const folder = await write({ 'a.json': replicas, 'what.txt': 'nothing\n' });
    await symlink('/etc/passwd', join(cli.folder, folder, 'out.hostfile'));
    const files = ['gone.json', 'out.hostfile', 'what.txt', 'a.json'].map((name) => `${folder}/${name}`);
    const { code, stdout, stderr } = await cli.run('check', ...files);
    expect(code).toBe(2);
    expect(stdout).toContain('[training.outOfRange]');
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining('gone.json cannot be read'),
      expect.stringContaining('instead of a link to it. See --help.'),
      expect.stringContaining('what.txt is cannot be told'),
    ]);
    const { code: again, stdout: json } = await cli.run('check', '--json', ...files);
    expect(again).toBe(2);
    expect((JSON.parse(json) as Finding[])[0]).toMatchObject({ file: `${folder}/a.json`, line: 2 });
  });

  describe('shows no text of a hostfile outside of the folder of a rankwise.yaml', () => {
    const hidden = 'topsecret1 slots=2\ntopsecret2 slots=0\nbad!line\ntopsecret3:hash:!\n';
    const clean = 'topsecret1 slots=2\ntopsecret2 slots=2\n';
    const config = (hosts: string, ...lines: string[]): string =>
      [
        'version: 1',
        'clusters:',
        `  a: { hosts: ${hosts}, gpus: 2 }`,
        `  b: { hosts: ${hosts}, head: other }`,
        'launches:',
        '  x: { cluster: a, launcher: mpirun, command: y }',
        ...lines,
        '',
      ].join('\n');

    it.each([
      ['an absolute path', (outside: string) => `${outside}/nodes`],
      ['..', () => '../nodes'],
      ['a link that leads away', () => 'link/nodes'],
    ])('named by %s', async (_way, hosts) => {
      const outside = await write({ nodes: hidden });
      const inside = `${outside}/repo`;
      await mkdir(join(cli.folder, inside));
      await symlink(join(cli.folder, outside), join(cli.folder, inside, 'link'));
      const yaml = join(cli.folder, inside, 'rankwise.yaml');
      await writeFile(yaml, config(hosts(join(cli.folder, outside))));
      const { code, findings } = await check(`${inside}/rankwise.yaml`);
      expect(code).toBe(1);
      const { stdout, stderr } = await cli.run('check', `${inside}/rankwise.yaml`);
      expect(JSON.stringify(findings) + stdout + stderr).not.toMatch(/topsecret|bad!|hash/);
      const ofFile = findings.filter(({ file }) => file === `${outside}/nodes`);
      if (hosts('') === 'link/nodes') expect(ofFile).toEqual([]);
      else {
        expect(ofFile).toMatchObject([{ line: 1, column: 1, severity: 'error', code: 'hostfile.outside' }]);
        expect(ofFile[0]?.message).toMatch(/has \d findings, .* Check that file by its own name\.$/);
        // A person who names it wants to see it.
        const asked = await check(`${inside}/rankwise.yaml`, `${outside}/nodes`);
        expect(JSON.stringify(asked.findings)).toContain('topsecret');
        expect(asked.findings.map((one) => one.code)).not.toContain('hostfile.outside');
      }
    });

    it('nor names its hosts where a launch or a training configuration does not fit them', async () => {
      const outside = await write({
        nodes: clean,
        'repo/t.json': '{ "num_workers": 8, "nodes": 2, "gpus": 4, "use_gpu": true }\n',
      });
      const launches = [
        '  g: { cluster: a, launcher: ssh, command: y, gpus: 3 }',
        '  n: { cluster: a, launcher: ssh, command: y, np: 90 }',
        '  t: { cluster: a, launcher: ray, command: y, config: t.json }',
      ];
      await writeFile(join(cli.folder, outside, 'repo/rankwise.yaml'), config('../nodes', ...launches));
      const whole = await check(`${outside}/repo/rankwise.yaml`, `${outside}/nodes`);
      const masked = await check(`${outside}/repo/rankwise.yaml`);
      const codes = ({ findings }: { findings: Finding[] }): string[] => findings.map(({ code }) => code);
      expect(codes(masked)).toEqual(codes(whole));
      expect(codes(whole)).toEqual(
        expect.arrayContaining(['rankwise.unknownHead', 'rankwise.tooManyGpus', 'training.tooManyGpus']),
      );
      expect(JSON.stringify(whole.findings)).toContain('topsecret1');
      expect(JSON.stringify(masked.findings)).not.toContain('topsecret');
      expect(JSON.stringify(masked.findings)).toContain('np is 90, but the hosts of `a` have 4 slots');
      const alone = await check(`${outside}/repo/t.json`);
      expect(codes(alone)).toContain('training.tooManyGpus');
      expect(JSON.stringify(alone.findings)).not.toContain('topsecret');
    });

    it('follows a link that a person names from elsewhere, and none that such a file names', async () => {
      const folder = await write({
        'real/rankwise.yaml': config('nodes').replace(/ {2}b: .*\n/, ''),
        'real/job.sbatch': 'echo\n',
        'here/x': '',
      });
      const root = join(cli.folder, '..', `named${folder}`);
      await mkdir(root);
      await symlink(join(cli.folder, folder, 'real/rankwise.yaml'), join(root, 'my.yaml'));
      await symlink(join(cli.folder, folder, 'real/job.sbatch'), join(root, 'job.sbatch'));
      await symlink('/etc/passwd', join(root, 'nodes'));
      expect((await check(`../named${folder}/job.sbatch`)).findings.map(({ code }) => code)).toContain(
        'sbatch.noShebang',
      );
      const { findings } = await check(`../named${folder}/my.yaml`, '--kind', 'rankwise');
      expect(findings.map(({ code }) => code)).toContain('rankwise.hostfileUnreadable');
      expect(JSON.stringify(findings)).not.toContain('root:');
      // Nor is the rankwise.yaml beside a file taken from elsewhere: nobody named it.
      await symlink('/etc/passwd', join(cli.folder, folder, 'here/rankwise.yaml'));
      await writeFile(join(cli.folder, folder, 'here/t.json'), replicas);
      const { code, stderr } = await cli.run('check', `${folder}/here/t.json`);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('outside of') as string });
    });
  });

  it('runs nothing, writes nothing, and follows no link out of the folder of a rankwise.yaml', async () => {
    const folder = await write({
      'rankwise.yaml':
        'version: 1\nclusters: { lab: { hosts: [n1], proxyJump: gate } }\nlaunches:\n  a: { cluster: lab, launcher: ssh, command: x, config: t.json }\n',
    });
    await symlink('/etc/passwd', join(cli.folder, folder, 't.json'));
    const { findings } = await check(`${folder}/rankwise.yaml`);
    expect(findings.map(({ code }) => code)).toEqual(['rankwise.configUnreadable']);
    expect(findings[0]?.message).toContain('leads to /etc/passwd, outside of');
    await symlink('/etc/passwd', join(cli.folder, folder, 'x.hostfile'));
    const refused = await cli.run('check', `${folder}/x.hostfile`);
    expect(refused.code).toBe(2);
    expect(refused.stdout + refused.stderr).toContain('outside of');
    expect(refused.stdout + refused.stderr).not.toContain('root:');
    expect(existsSync(cli.stateDir)).toBe(false);
  });
});
