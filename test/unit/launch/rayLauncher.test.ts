import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { optionDefaults } from '../../../src/config/launchModel';
import type { ClusterModel, LaunchModel } from '../../../src/config/model';
import type { Plan } from '../../../src/launch/plan';
import { planLaunch } from '../../../src/launch/planLaunch';
import { hostsWith, specOf } from '../../support/launchSpecs';

const root = mkdtempSync(join(tmpdir(), 'ray-launcher-'));
afterAll(() => rmSync(root, { recursive: true }));

const ray = (options: Partial<LaunchModel['ray']>): Partial<LaunchModel> => ({
  launcher: 'ray',
  ray: { ...optionDefaults.ray, ...options },
});
const plan = (
  options: Partial<LaunchModel['ray']> = {},
  launch: Partial<LaunchModel> = {},
  cluster: Partial<ClusterModel> = {},
): Plan => planLaunch(specOf(hostsWith(2, 2), { ...ray(options), ...launch }, cluster));
const argv = (of: Plan, id: string): string =>
  of.processes.find((process) => process.id === id)?.argv.join(' ') ?? '';
const content = (of: Plan, path: string): string =>
  of.files.find((file) => file.path === path)?.content ?? '';

describe('the ray launcher', () => {
  it('starts a head, a node per further host and the driver, on ports that are free', () => {
    const own = plan({ numCpus: 20, numGpus: 2 });
    expect(own.processes.map(({ id, host, role, tags }) => [id, host, role, tags])).toEqual([
      ['ray-head', 'node1', 'service', undefined],
      ['ray-node', 'node2', 'service', undefined],
      ['driver', 'node1', 'launcher', 'ray'],
    ]);
    expect(argv(own, 'ray-head')).toMatch(
      /^ray start --head --block --port=23456 --dashboard-host=127\.0\.0\.1 --dashboard-port=23457 --ray-client-server-port=23458 --num-cpus=20 --num-gpus=2 --node-name=node1 --node-ip-address=10\.0\.0\.1 --temp-dir=\/tmp\/rankwise-[0-9a-f]{12}\/ray /,
    );
    expect(argv(own, 'ray-node')).toMatch(
      /^ray start --address=10\.0\.0\.1:23456 --block .*--node-name=node2/,
    );
    expect(own.pages).toEqual([{ label: "Ray's dashboard", host: 'node1', port: 23457 }]);
    expect(own).toMatchObject({ workers: [], np: 0, signalled: 'all' });
    const socket = '/ray/session_2026-11-22_21-39-07_782000_4194304/sockets/plasma_store.1';
    expect(
      (own.processes[0]?.env['RAY_AUTH_TOKEN_PATH'] ?? '').replace('/token', socket).length,
    ).toBeLessThan(108);
    expect(JSON.parse(JSON.stringify(own))).toEqual(own);
  });

  it('keeps the token out of the plan, and apart for each run', () => {
    const own = plan();
    expect(own.secrets).toEqual([{ variable: 'RANKWISE_RAY_TOKEN', source: 'rankwise:token' }]);
    const paths = own.processes.map(({ env }) => env['RAY_AUTH_TOKEN_PATH']);
    expect(new Set(paths).size).toBe(1);
    const other = planLaunch({ ...specOf(hostsWith(2, 2), ray({})), run: 'run-2' });
    expect(other.processes[0]?.env['RAY_AUTH_TOKEN_PATH']).not.toBe(paths[0]);
    const chosen = plan({}, { env: { RAY_AUTH_MODE: 'disabled' } });
    expect(chosen.secrets).toEqual([]);
    expect(chosen.processes[0]?.env).not.toHaveProperty('RAY_AUTH_TOKEN_PATH');
  });

  it('lets the arguments win that the user wrote', () => {
    const own = plan({
      numCpus: 4,
      headArgs: ['--port', '6379', '--num-cpus=20'],
      nodeArgs: ['--num-cpus=40'],
    });
    expect(argv(own, 'ray-head')).toMatch(/--num-gpus|--port 6379 --num-cpus=20$/);
    expect(argv(own, 'ray-head')).not.toMatch(/--port=|--num-cpus=4/);
    expect(argv(own, 'ray-node')).toMatch(/--address=10\.0\.0\.1:6379 .*--num-cpus=40$/);
    expect(own.processes[2]?.env['RAY_ADDRESS']).toBe('10.0.0.1:6379');
  });

  it('gives a head without slots no work', () => {
    const [head] = hostsWith(1).map((host) => ({ ...host, name: 'login', peer: '10.0.0.9' }));
    const own = plan({ numCpus: 4 }, {}, { head });
    expect(own.hosts.map(({ name }) => name)).toEqual(['login', 'node1', 'node2']);
    expect(argv(own, 'ray-head')).toContain('--num-cpus=0 --num-gpus=0 --node-name=login');
    expect(own.processes.filter(({ id }) => id === 'ray-node')).toHaveLength(2);
  });

  it('starts nothing for a Ray that others started', () => {
    const theirs = plan({ address: '10.0.0.5:6379' });
    expect(theirs.processes.map(({ id }) => id)).toEqual(['driver']);
    expect(theirs.hosts.map(({ name }) => name)).toEqual(['node1']);
    expect(theirs.processes[0]?.env).toMatchObject({ RAY_ADDRESS: '10.0.0.5:6379', RAY_DEDUP_LOGS: '0' });
    expect(theirs.processes[0]?.env).not.toHaveProperty('RAY_AUTH_MODE');
    expect(theirs.secrets).toEqual([]);
    expect(() => plan({ address: 'http://10.0.0.5:8265' })).toThrow('which takes jobs');
    expect(argv(plan({ address: 'http://10.0.0.5:8265', mode: 'submit' }), 'driver')).toBe(
      'ray job submit --address http://10.0.0.5:8265 -- bash -l job.sh',
    );
  });

  it('shows placeholders where nothing was asked of any host', () => {
    const preview = planLaunch({ ...specOf(hostsWith(1, 1), ray({})), facts: undefined });
    expect(argv(preview, 'ray-head')).toContain('--port=<free port>');
    expect(preview.pages).toEqual([]);
  });
});

describe.each(['dash', 'bash', 'busybox sh'])('scripts of the ray launcher under %s', (shell) => {
  const [program = '', ...words] = shell.split(' ');
  let count = 0;

  /** Runs a script of a plan with a stand-in for ray. */
  function run(script: string, standIn: string): { status: number; output: string; home: string } {
    const home = join(root, `${program}-${count++}`);
    mkdirSync(join(home, 'work'), { recursive: true });
    mkdirSync(join(home, 'bin'));
    writeFileSync(join(home, 'bin/ray'), `#!/bin/sh\n${standIn}\n`, { mode: 0o755 });
    writeFileSync(join(home, 'script.sh'), script.replaceAll(/\/tmp\/rankwise-/g, `${home}/rankwise-`));
    const env = {
      HOME: home,
      PATH: `${home}/bin:${process.env['PATH'] ?? ''}`,
      RANKWISE_RAY_TOKEN: 'secret',
    };
    try {
      const output = execFileSync('setsid', ['--wait', program, ...words, join(home, 'script.sh')], {
        env,
        encoding: 'utf8',
        timeout: 120_000,
      });
      return { status: 0, output, home };
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return { status, output: stdout, home };
    }
  }

  it('runs a node in a directory of its own, with the token in a file, and takes both away', () => {
    const stand = `ls -ld "\${RAY_AUTH_TOKEN_PATH%/*}" "$RAY_AUTH_TOKEN_PATH" | cut -c1-10; cat "$RAY_AUTH_TOKEN_PATH"; env | grep -c RANKWISE_RAY_TOKEN; sleep 300 & exit 7`;
    const { status, output, home } = run(content(plan(), 'node1/ray-head.sh'), stand);
    expect(output).toBe('drwx------\n-rw-------\nsecret0\n');
    expect(status).toBe(7);
    expect(execFileSync('ls', [home], { encoding: 'utf8' })).toBe('bin\nscript.sh\nwork\n');
  });

  it('ends a Ray that does not end when it is asked to, and cleans up', () => {
    // A supervisor signals every process of the session.
    const asked = `trap '' TERM; (sleep 1; for p in $(pgrep -s 0); do kill -s TERM "$p"; done) & while :; do sleep 9; done`;
    const script = content(plan(), 'node1/ray-head.sh');
    const { status, home } = run(script, asked);
    expect(status).toBe(137);
    expect(execFileSync('ls', [home], { encoding: 'utf8' })).toBe('bin\nscript.sh\nwork\n');
  });

  it('does not take over a directory that is there already', () => {
    const script = content(plan(), 'node1/ray-head.sh');
    const directory = /rankwise-[0-9a-f]{12}/.exec(script)?.[0] ?? '';
    const { status, output } = run(`mkdir "$HOME/${directory}"\n${script}`, 'echo started');
    expect([status, output]).toEqual([1, '']);
  });

  it('stops a job that it was asked to stop', () => {
    const script = content(plan({ address: 'http://10.0.0.5:8265', mode: 'submit' }), 'node1/driver.sh');
    const stand = `echo "$*" | sed 's/--working-dir=[^ ]*/--working-dir=D/'; [ "$2" = submit ] && kill -s INT $PPID`;
    const home = join(root, `${program}-job`);
    mkdirSync(join(home, '.rankwise/runs/run-1/node1'), { recursive: true });
    writeFileSync(join(home, '.rankwise/runs/run-1/node1/job.sh'), '');
    const { status, output } = run(script.replaceAll('"$HOME"/.rankwise', `${home}/.rankwise`), stand);
    const common = '--log-color=false --address=http://10.0.0.5:8265';
    expect(output).toBe(
      `job submit ${common} --submission-id=run-1 --working-dir=D -- bash -l job.sh\njob stop ${common} run-1\n`,
    );
    expect(status).toBe(130);
  });

  it('takes every hostile word literally', () => {
    const hostile = ["it's", '$(touch pwned)', '`id`', '-n', 'ü\n"x"', '*'];
    const own = plan({ headArgs: hostile }, { env: { RAY_AUTH_MODE: 'disabled', A: '$(touch pwned)' } });
    const { output, home } = run(content(own, 'node1/ray-head.sh'), `printf '<%s>' "$@"; printf %s "$A"`);
    expect(output).toContain(`${hostile.map((word) => `<${word}>`).join('')}$(touch pwned)`);
    expect(existsSync(join(home, 'work/pwned'))).toBe(false);
  });
});
