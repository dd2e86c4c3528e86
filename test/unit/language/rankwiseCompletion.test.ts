import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rankwiseLanguage, type RankwiseContext } from '../../../src/language/rankwiseLanguage';

const context: RankwiseContext = {
  hosts: ['gpu1', 'gpu2'],
  files: ['hosts', 'train.py', 'config.json', 'data/', 'jobs/train.sbatch'],
  secrets: ['wandb'],
  variables: ['HF_TOKEN'],
  sites: { uni: { partitions: ['gpu', 'cpu'], accounts: ['a1'] } },
};

/** The labels at `‸`, and the text after taking one of them. */
function complete(marked: string, take?: string): { labels: string[]; text: string | undefined } {
  const offset = marked.indexOf('‸');
  const text = marked.replace('‸', '');
  const found = rankwiseLanguage.completions(text, offset, context);
  const taken = found.find(({ label }) => label === take);
  for (const { start, end } of found) {
    expect(start).toBeLessThanOrEqual(offset);
    expect(end).toBeGreaterThanOrEqual(offset);
  }
  return {
    labels: found.map(({ label }) => label),
    text: taken && text.slice(0, taken.start) + taken.insert.replace('$0', '') + text.slice(taken.end),
  };
}

const clusters = [
  'version: 1',
  'clusters:',
  '  base: &base',
  '    hosts: [n1, n2] # two',
  '  uni: { login: me@uni }',
  '',
].join('\n');

function launch(...lines: string[]): string {
  return `${clusters}launches:\n  a:\n    cluster: base\n    launcher: mpirun\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

describe('completion of keys', () => {
  it('offers the keys of a launch that are not there, required ones first, none of other launchers', () => {
    const { labels, text } = complete(launch('com‸'), 'command');
    expect(labels).toContain('np');
    expect(labels).not.toContain('cluster');
    expect(labels).not.toContain('torchrun');
    expect(text).toBe(launch('command: '));
    expect(complete(`${clusters}launches:\n  a:\n    ‸\n`).labels.slice(0, 2)).toEqual([
      'cluster',
      'launcher',
    ]);
  });

  it('offers them on an empty line, between others, and behind what does not parse', () => {
    expect(complete(launch('np: 4', '‸', 'nodes: 2')).labels).toContain('gpus');
    expect(complete(launch('np: 4', 'gp‸', 'nodes: 2')).labels).toContain('gpus');
    expect(complete(launch('env: { A: "x', 'np: 1 }', '‸')).labels).not.toContain('version');
    expect(complete(launch('mpirun:', '  ‸')).labels).toEqual(['mca', 'x', 'bindTo', 'mapBy', 'args']);
    expect(complete(launch('mpirun:', '  ‸', '  args: []')).labels).toEqual(['mca', 'x', 'bindTo', 'mapBy']);
    expect(complete(launch('mpirun: { bi‸ }'), 'bindTo').text).toBe(launch('mpirun: { bindTo:  }'));
    expect(complete(launch('mpirun: { args: [a], ‸')).labels).toEqual(['mca', 'x', 'bindTo', 'mapBy']);
  });

  it('replaces a key that is there, and leaves its colon', () => {
    expect(complete(launch('n‸p: 4'), 'nodes').text).toBe(launch('nodes: 4'));
    expect(complete(launch('mpirun: { "bi‸": none }'), 'bindTo').text).toBe(
      launch('mpirun: { "bindTo": none }'),
    );
  });

  it.each(['${CLIPBOARD}', 'a: b #', '$(x)', 'back\\slash}', 'a, b', "it's", 'null', 'lr'])(
    'writes the name %j of a parameter as that key, whatever a snippet makes of it',
    (name) => {
      const params = `params: { ${JSON.stringify(name)}: 1 }`;
      const keysOf = (text: string): string[] => {
        const launches = parse(text) as { launches: { a: { presets: { p: Record<string, unknown> } } } };
        return Object.keys(launches.launches.a.presets.p);
      };
      for (const marked of [
        launch(params, 'presets:', '  p:', '    ‸'),
        launch(params, 'presets: { p: { ‸ } }'),
        launch(params, 'presets: { p: { "‸": 2 } }'),
        launch(params, "presets: { p: { '‸': 2 } }"),
      ]) {
        const offset = marked.indexOf('‸');
        const text = marked.replace('‸', '');
        const found = rankwiseLanguage.completions(text, offset, context).find(({ label }) => label === name);
        if (found === undefined) throw new Error(`${name} is not offered`);
        const { start, end, insert, snippet } = found;
        // An escape, or the place of the cursor: nothing else of a snippet's syntax may stand in it.
        const written = !snippet
          ? insert
          : insert.replaceAll(/\\([\\$}])|\$0|\$/g, (whole, escaped: string | undefined) => {
              if (whole === '$') throw new Error(`a variable in ${insert}`);
              return escaped ?? '2';
            });
        expect(keysOf(text.slice(0, start) + written + text.slice(end))).toEqual([name]);
      }
    },
  );

  it('knows hosts as mappings, at a dash and in braces', () => {
    const text = 'clusters:\n  c:\n    hosts:\n      - ‸\n';
    expect(complete(text).labels).toEqual(expect.arrayContaining(['host', 'slots', 'gpu1', 'gpu2']));
    expect(complete('clusters:\n  c:\n    hosts:\n      - host: n1\n        ‸\n').labels).toContain('slots');
    expect(complete('clusters:\n  c:\n    hosts: [{ host: n1, s‸ }]\n').labels).toContain('slots');
  });

  it('offers keys beside merged ones, which may be given again', () => {
    const text = `${clusters}  c:\n    <<: *base\n    ‸\n`;
    expect(complete(text).labels).toEqual(expect.arrayContaining(['hosts', 'user', 'env']));
    expect(complete(`${clusters}  c:\n    <<: *b‸\n`).labels).toEqual(['base']);
  });

  it('offers parameters and resources in presets and matrix, variables in an environment', () => {
    const more = ['params: { lr: 0.1 }', 'matrix:'];
    expect(complete(launch(...more, '  ‸')).labels).toEqual(
      expect.arrayContaining(['include', 'exclude', 'lr', 'nodes', 'partition']),
    );
    expect(complete(launch('params: { lr: 0.1 }', 'presets: { x: { ‸ } }')).labels).toEqual([
      'lr',
      'nodes',
      'gpus',
      'np',
      'partition',
    ]);
    expect(complete(launch('env:', '  NC‸')).labels).toContain('NCCL_DEBUG');
  });

  it('is silent in comments, in text, and for names of one’s own', () => {
    expect(complete(launch('# n‸')).labels).toEqual([]);
    expect(complete(launch('np: 4 # n‸')).labels).toEqual([]);
    expect(complete(launch('command: |', '  python ‸')).labels).toEqual([]);
    expect(complete(launch('params:', '  ‸')).labels).toEqual([]);
  });
});

describe('completion of values', () => {
  it('offers clusters, launchers and words of the schema, with the default named', () => {
    expect(complete(`${clusters}launches:\n  a:\n    cluster: ‸\n`).labels).toEqual([
      'base',
      'uni',
      'practice',
    ]);
    expect(complete(`${clusters}launches:\n  a:\n    cluster:‸\n`, 'uni').text).toMatch(/cluster: uni\n$/);
    expect(complete(`${clusters}launches:\n  a: { cluster: b‸, launcher: ssh }\n`, 'base').text).toMatch(
      /\{ cluster: base, launcher: ssh \}/,
    );
    expect(complete(launch('onWorkerExit: ‸')).labels).toEqual(['stop', 'keep']);
    expect(complete(launch('skipChecks: ‸'), 'clock').text).toBe(launch('skipChecks: [clock]'));
    expect(complete(launch('skipChecks: [clock, ‸]')).labels).toContain('gpus');
    expect(complete('version: ‸\n').labels).toEqual(['1']);
  });

  it('keeps the quotes that are there', () => {
    expect(complete(`${clusters}launches:\n  a:\n    cluster: "b‸"\n`, 'base').text).toMatch(
      /cluster: "base"\n$/,
    );
    expect(complete(`${clusters}launches:\n  a:\n    cluster: 'x‸y'\n`, 'base').text).toMatch(
      /cluster: 'base'\n$/,
    );
  });

  it('offers other launches in `after`, in every style', () => {
    const two = 'launches:\n  prepare: {}\n  b c: {}\n  train:\n    slurm:\n';
    expect(complete(`${two}      after: [‸]\n`).labels).toEqual(['prepare', 'b c']);
    expect(complete(`${two}      after: ‸\n`, 'b c').text).toMatch(/after: \[b c\]\n$/);
    expect(complete(`${two}      after:\n        - ‸\n`).labels).toEqual(['prepare', 'b c']);
  });

  it('offers hosts, files of the kind, and what a Slurm cluster has', () => {
    expect(complete('clusters:\n  c:\n    login: ‸\n').labels).toEqual(['gpu1', 'gpu2']);
    expect(complete('clusters:\n  c:\n    hosts: [n1, n2]\n    head: ‸\n').labels).toEqual([
      'n1',
      'n2',
      'gpu1',
      'gpu2',
    ]);
    expect(complete('clusters:\n  c:\n    hosts: ‸\n').labels).toContain('hosts');
    expect(complete(launch('config: ‸')).labels).toEqual(['config.json']);
    expect(complete(launch('files: [train.py, ‸]')).labels).toContain('data/');
    expect(
      complete('launches:\n  a: { cluster: uni, launcher: slurm, slurm: { script: ‸ } }\n').labels,
    ).toEqual(['jobs/train.sbatch']);
    expect(
      complete('launches:\n  a: { cluster: uni, launcher: slurm, slurm: { partition: ‸ } }\n').labels,
    ).toEqual(['gpu', 'cpu']);
  });
});

describe('completion of references', () => {
  const params = ['params: { lr: 0.1, epochs: 2 }', 'matrix: { nodes: [1, 2] }'];

  it('offers parameters and axes in lists, and completes the brace', () => {
    const { labels, text } = complete(launch(...params, 'command: [python, "--lr=${‸"]'), 'lr');
    expect(labels).toEqual(['lr', 'epochs', 'matrix.nodes', 'repeat', 'trial']);
    expect(text).toBe(launch(...params, 'command: [python, "--lr=${lr}"]'));
    expect(complete(launch(...params, 'command: [python, "--lr=${e‸p}"]'), 'epochs').text).toBe(
      launch(...params, 'command: [python, "--lr=${epochs}"]'),
    );
  });

  it('offers secrets in environments only', () => {
    expect(complete(launch('env:', '  KEY: ${‸')).labels).toEqual(
      expect.arrayContaining(['secret:wandb', 'env:HF_TOKEN', 'repeat']),
    );
    expect(complete('clusters:\n  c:\n    env: { KEY: "${‸" }\n').labels).toContain('secret:wandb');
    expect(complete(launch('outputs: ["${‸"]')).labels).not.toContain('secret:wandb');
    expect(complete(launch('partition: ${‸')).labels).toEqual([]);
  });

  it('offers variables in text for the shell, also on its later lines', () => {
    expect(complete(launch(...params, 'command: python --lr $‸')).labels).toEqual([
      'lr',
      'epochs',
      'nodes',
      'repeat',
      'trial',
    ]);
    const text = complete(launch(...params, 'command: |', '  cd x', '  python --lr ${‸'), 'lr').text;
    expect(text).toBe(launch(...params, 'command: |', '  cd x', '  python --lr ${lr}'));
  });
});
