import { describe, expect, it } from 'vitest';
import {
  rankwiseDefinitions,
  rankwiseReferences,
  rankwiseRename,
  rankwiseRenameable,
} from '../../../src/language/rankwiseNames';

const text = `version: 1
clusters:
  lab: &lab
    hosts: hosts # lab
    env: { A: lab }
  other lab: { <<: *lab, user: lab }
launches:
  base: &base
    cluster: "lab"
    launcher: ssh
    params: { lr: 0.1, epochs: 2 }
    presets: { fast: { 'lr': 1 } }
    command: [python, "--lr=\${lr}", "\${params.lr}", "$\${lr}", \${epochs}, lr]
  more: { <<: *base, matrix: { lr: [1, 2], exclude: [{ lr: 2 }] }, env: { X: "\${matrix.lr}" } }
  text:
    cluster: 'other lab'
    launcher: slurm
    params: { lr: 1 }
    command: |
      echo $lr $lrx \${lr:-1}
    slurm: { after: [base, more], script: jobs/a.sbatch }
`;

const at = (piece: string, into = 0): number => {
  const found = text.indexOf(piece);
  expect(found).toBeGreaterThanOrEqual(0);
  return found + into;
};
const slices = (places: readonly { start: number; end: number }[]): string[] =>
  places.map(({ start, end }) => text.slice(start, end));

function renamed(offset: number, name: string): string {
  const result = rankwiseRename(text, offset, name);
  if ('refused' in result) return result.refused;
  return [...result.edits]
    .sort((a, b) => b.start - a.start)
    .reduce((current, edit) => current.slice(0, edit.start) + edit.text + current.slice(edit.end), text);
}

describe('definitions', () => {
  it('leads from a cluster, a launch and a parameter to where each is declared', () => {
    expect(rankwiseDefinitions(text, at('"lab"', 2))).toEqual([
      { start: at('lab: &lab'), end: at('lab: &lab', 3) },
    ]);
    expect(rankwiseDefinitions(text, at("'other lab'", 3))[0]).toMatchObject({ start: at('other lab: {') });
    expect(rankwiseDefinitions(text, at('[base, more]', 7))[0]).toMatchObject({ start: at('more: {') });
    expect(rankwiseDefinitions(text, at('${params.lr}', 10))[0]).toMatchObject({ start: at('lr: 0.1') });
    expect(rankwiseDefinitions(text, at('${matrix.lr}', 10))[0]).toMatchObject({ start: at('lr: 0.1') });
    expect(rankwiseDefinitions(text, at('echo $lr', 7))[0]).toMatchObject({ start: at('lr: 1 }') });
  });

  it('leads from a path to its file', () => {
    expect(rankwiseDefinitions(text, at('hosts # lab', 2))).toEqual([
      { file: 'hosts', start: at('hosts # lab'), end: at('hosts # lab', 5) },
    ]);
    expect(rankwiseDefinitions(text, at('jobs/a', 2))).toMatchObject([{ file: 'jobs/a.sbatch' }]);
    expect(rankwiseDefinitions(text, at('python'))).toEqual([]);
    expect(rankwiseDefinitions(text, at('# lab', 3))).toEqual([]);
  });
});

describe('references', () => {
  it('are the places of the thing, not of the word', () => {
    expect(slices(rankwiseReferences(text, at('lab: &lab')))).toEqual(['lab', '"lab"']);
    expect(slices(rankwiseReferences(text, at('[base', 1)))).toEqual(['base', 'base']);
    expect(rankwiseReferences(text, at('A: lab', 4))).toEqual([]);
  });

  it('of a parameter go through merged launches, and stop at launches with their own', () => {
    const places = rankwiseReferences(text, at('${lr}', 3));
    expect(slices(places)).toEqual(['lr', "'lr'", 'lr', 'lr', 'lr', 'lr', 'lr']);
    expect(rankwiseReferences(text, at('${matrix.lr}', 10))).toEqual(places);
    expect(slices(rankwiseReferences(text, at('lr: 1 }')))).toEqual(['lr', 'lr', 'lr']);
  });
});

describe('rename', () => {
  it('changes a cluster everywhere and keeps quotes, anchors and words that only look alike', () => {
    const next = renamed(at('lab: &lab'), 'new');
    expect(next).toContain('  new: &lab\n    hosts: hosts # lab\n    env: { A: lab }');
    expect(next).toContain('cluster: "new"');
    expect(next).toContain('other lab: { <<: *lab, user: lab }');
    expect(renamed(at("'other lab'", 2), "it's")).toContain(`  it's: { <<: *lab`.replace("it's", '"it\'s"'));
    expect(renamed(at("'other lab'", 2), "it's")).toContain(`cluster: 'it''s'`);
  });

  it('changes a launch in `after`, quoted where YAML needs it', () => {
    expect(renamed(at('more: {'), 'a, b')).toContain('after: [base, "a, b"]');
    expect(renamed(at('more: {'), '12')).toContain('  "12": { <<: *base');
  });

  it('changes a parameter in presets, matrix, references and text', () => {
    const next = renamed(at('lr: 0.1'), 'rate');
    expect(next).toContain('params: { rate: 0.1, epochs: 2 }');
    expect(next).toContain("presets: { fast: { 'rate': 1 } }");
    expect(next).toContain('[python, "--lr=${rate}", "${params.rate}", "$${lr}", ${epochs}, lr]');
    expect(next).toContain('matrix: { rate: [1, 2], exclude: [{ rate: 2 }] }, env: { X: "${matrix.rate}" }');
    expect(next).toContain('echo $lr $lrx');
    expect(renamed(at('lr: 1 }'), 'rate')).toContain('echo $rate $lrx ${rate:-1}');
  });

  it('says why a name cannot be', () => {
    expect(renamed(at('lab: &lab'), 'other lab')).toMatch(/already/);
    expect(renamed(at('lab: &lab'), 'practice')).toMatch(/built-in/);
    expect(renamed(at('lab: &lab'), 'a\nb')).toMatch(/one line/);
    expect(renamed(at('lr: 0.1'), 'epochs')).toMatch(/already/);
    expect(renamed(at('lr: 0.1'), 'nodes')).toMatch(/resource/);
    expect(renamed(at('lr: 0.1'), 'a b')).toMatch(/letters/);
    expect(renamed(at('lr: 1 }'), 'a-b')).toMatch(/shell/);
    expect(renamed(at('python'), 'x')).toMatch(/Only names/);
    expect(rankwiseRenameable(text, at('"lab"', 2))).toEqual({
      start: at('"lab"'),
      end: at('"lab"', 5),
      name: 'lab',
    });
    expect(rankwiseRenameable('launches:\n  a: { cluster: gone }\n', 25)).toBeUndefined();
  });
});
