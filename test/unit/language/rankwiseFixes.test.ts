import { describe, expect, it } from 'vitest';
import { parseRankwise } from '../../../src/config/parseRankwise';
import { rankwiseLanguage } from '../../../src/language/rankwiseLanguage';
import type { Fix } from '../../../src/language/types';

const head = 'version: 1\nclusters:\n  lab:\n    hosts: [node1]\n';

/** What the fixes of the first problem of a code make of a text. */
function fixed(text: string, code: string): { title: string; text: string; preferred: boolean }[] {
  const problem = parseRankwise(text).problems.find((one) => one.code === `rankwise.${code}`);
  if (problem === undefined) throw new Error(`no ${code}`);
  return rankwiseLanguage.fixes(text, problem, {}).map((fix) => ({
    title: fix.title,
    text: applied(text, fix),
    preferred: fix.preferred === true,
  }));
}

function applied(text: string, { edits }: Fix): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((current, { start, end, text: put }) => current.slice(0, start) + put + current.slice(end), text);
}

/** The first fix mends the problem and gives this text. It is the preferred one, but where it deletes or guesses. */
function expectFix(text: string, code: string, result: string, preferred = true): void {
  const [first] = fixed(text, code);
  expect(first?.text).toBe(result);
  expect(first?.preferred).toBe(preferred);
  expect(parseRankwise(result).problems.filter((one) => one.code === `rankwise.${code}`)).toEqual([]);
}

const launch = (entry: string): string =>
  `${head}launches:\n  a: { cluster: lab, launcher: ssh, command: x }\n  b: ${entry}\n`;
const flow = (more: string, launcher = 'ssh'): string =>
  launch(`{ cluster: lab, launcher: ${launcher}, command: x${more} }`);

describe('fixes', () => {
  it('take the nearest key, cluster, launch, word, parameter and reference', () => {
    expectFix(flow(', node: 1'), 'unknownKey', flow(', nodes: 1'));
    expectFix(
      `version: 1\nclusters:\n  c:\n    hosts: [n1]\n    'identity_file': x\n`,
      'unknownKey',
      `version: 1\nclusters:\n  c:\n    hosts: [n1]\n    'identityFile': x\n`,
    );
    expectFix(
      launch('{ cluster: labb, launcher: ssh, command: x }'),
      'unknownCluster',
      launch('{ cluster: lab, launcher: ssh, command: x }'),
    );
    expectFix(
      launch('{ cluster: "labb", launcher: ssh, command: x }'),
      'unknownCluster',
      launch('{ cluster: "lab", launcher: ssh, command: x }'),
    );
    expectFix(flow(', onWorkerExit: stopp'), 'invalidValue', flow(', onWorkerExit: stop'));
    expectFix(
      flow(', params: { lr: 1 }, presets: { x: { Lr: 2 } }, env: { A: "${lr}" }'),
      'unknownParameter',
      flow(', params: { lr: 1 }, presets: { x: { lr: 2 } }, env: { A: "${lr}" }'),
    );
    expectFix(
      flow(', params: { rate: 1 }, env: { A: "${params.rat}", B: "${rate}" }'),
      'unknownReference',
      flow(', params: { rate: 1 }, env: { A: "${params.rate}", B: "${rate}" }'),
    );
    expectFix(
      flow(', mpirun: { args: [--oversubcribe] }', 'mpirun'),
      'launcherOption',
      flow(', mpirun: { args: ["--oversubscribe"] }', 'mpirun'),
    );
  });

  it('offer every cluster where none is near', () => {
    const found = fixed(launch('{ cluster: zzz, launcher: ssh, command: x }'), 'unknownCluster');
    expect(found.map(({ title, preferred }) => [title, preferred])).toEqual([
      ['Change to `lab`', false],
      ['Change to `practice`', false],
    ]);
  });

  it('add what is missing, in block and flow style; a value that is only a guess is not written by itself', () => {
    expectFix(
      launch('{ cluster: lab, command: x }'),
      'missingKey',
      launch('{ launcher: ssh, cluster: lab, command: x }'),
      false,
    );
    const block = launch('\n    # first\n    launcher: ssh\n    command: x');
    expectFix(
      block,
      'missingKey',
      block.replace('launcher: ssh\n    command', 'cluster: lab\n    launcher: ssh\n    command'),
      false,
    );
    expectFix(
      'clusters:\n  lab: { hosts: [n1] }\n',
      'missingKey',
      'version: 1\nclusters:\n  lab: { hosts: [n1] }\n',
    );
    expectFix(
      'version: 1\nclusters:\n  lab:\n    hosts:\n      - name: n1\n',
      'missingKey',
      'version: 1\nclusters:\n  lab:\n    hosts:\n      - host: node1\n        name: n1\n',
      false,
    );
    expectFix(
      'version: 1\r\nclusters:\r\n  lab:\r\n    user: me\r\n',
      'missingKey',
      'version: 1\r\nclusters:\r\n  lab:\r\n    hosts: hosts\r\n    user: me\r\n',
      false,
    );
    expect(fixed('', 'missingKey')[0]?.text).toBe('version: 1\nclusters:\nlaunches:\n');
  });

  it('move a secret out of the file', () => {
    const [secret, env] = fixed(flow(', env: { HF_TOKEN: abcdef1 }'), 'plainSecret');
    expect(secret?.text).toBe(flow(', env: { HF_TOKEN: "${secret:hf_token}" }'));
    expect(env?.text).toBe(flow(', env: { HF_TOKEN: "${env:HF_TOKEN}" }'));
    expect(parseRankwise(secret?.text ?? '').problems).toEqual([]);
  });

  it('delete what has no effect, with its lines or its comma', () => {
    expectFix(flow(', partition: gpu, np: 1'), 'unusedOptions', flow(', np: 1'), false);
    expectFix(flow(', np: 1, partition: gpu'), 'unusedOptions', flow(', np: 1'), false);
    const block = launch(
      '\n    cluster: lab\n    launcher: ssh\n    mpirun:\n      args: [a] # why\n      # more\n    command: x',
    );
    expectFix(
      block,
      'unusedOptions',
      launch('\n    cluster: lab\n    launcher: ssh\n      # more\n    command: x'),
      false,
    );
    expectFix(
      flow(', np: 2, mpirun: { args: [-v, -np, 2] }', 'mpirun').replace('-np, 2', '--np=2'),
      'optionTwice',
      flow(', np: 2, mpirun: { args: [-v] }', 'mpirun'),
      false,
    );
  });

  it('put a workdir right, and text in quotes', () => {
    const cluster = (workdir: string): string =>
      `version: 1\nclusters:\n  lab: { hosts: [n1], workdir: ${workdir} }\n`;
    expectFix(cluster('project'), 'workdir', cluster('~/project'));
    expectFix(cluster('"~/x "'), 'workdir', cluster('"~/x"'));
    expectFix(cluster('$HOME/x'), 'workdir', cluster('~/x'));
    expectFix(
      'version: 1\nclusters:\n  lab: { hosts: [n1], user: 12 }\n',
      'wrongType',
      'version: 1\nclusters:\n  lab: { hosts: [n1], user: "12" }\n',
    );
  });
});
