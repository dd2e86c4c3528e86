import { describe, expect, it } from 'vitest';
import { rankwiseLanguage } from '../../../src/language/rankwiseLanguage';

/** The Markdown at `‸`, and the text it is about. */
function hover(marked: string): { markdown: string; about: string } | undefined {
  const offset = marked.indexOf('‸');
  const text = marked.replace('‸', '');
  const found = rankwiseLanguage.hover(text, offset, {});
  return found && { markdown: found.markdown, about: text.slice(found.start, found.end) };
}

const launch = (...lines: string[]): string =>
  `version: 1\nclusters:\n  lab: { hosts: [n1, n2], workdir: ~/x }\nlaunches:\n  a:\n    cluster: lab\n${lines.map((line) => `    ${line}\n`).join('')}`;

describe('hover', () => {
  it('gives description, kind, default and examples of a key', () => {
    expect(hover(launch('joinS‸econds: 5'))).toEqual({
      about: 'joinSeconds',
      markdown:
        '**`joinSeconds`**: whole number, 1–86400\n\nSeconds within which every worker must have started.\n\nDefault: `120`\n\nExamples: `120`, `600`',
    });
    expect(hover(launch('onWorkerExit: ke‸ep'))?.markdown).toMatch(/`stop` or `keep`/);
    expect(hover(launch('mpirun: { mca: { pml: ob1 }, bind‸To: none }'))?.about).toBe('bindTo');
    expect(hover(launch('env: { NCCL_‸DEBUG: INFO }'))?.markdown).toMatch(/How much NCCL prints/);
    expect(hover(launch('nonsen‸se: 1'))).toBeUndefined();
    expect(hover(launch('np: 4 # joinSe‸conds'))).toBeUndefined();
  });

  it('works in merged and anchored mappings, and while the file is half written', () => {
    expect(
      hover('launches:\n  a: &a\n    np: 1\n  b:\n    <<: *a\n    no‸des: 2\n    comm\n')?.markdown,
    ).toMatch(/Hosts to use/);
    expect(hover('launches:\n  a: &a { n‸p: 1 }\n  b: *a\n')?.markdown).toMatch(/Number of processes/);
  });

  it('says what a cluster is', () => {
    expect(hover(launch('np: 1').replace('cluster: lab', 'cluster: l‸ab'))?.markdown).toBe(
      'Cluster **`lab`**\n\n2 hosts\n\nCommands run in `~/x`',
    );
  });

  it('gives the value of a reference, and of a variable in text', () => {
    const params = ['params: { lr: "0.1`x" }', 'presets: { big: { lr: 2 } }', 'matrix: { nodes: [1, 2] }'];
    expect(hover(launch(...params, 'command: [python, "--lr=${l‸r}"]'))).toEqual({
      about: '${lr}',
      markdown: 'Parameter `lr`, default ``0.1`x``\n\nIn presets: `big`: `2`',
    });
    expect(hover(launch(...params, 'command: [python, "${matrix.no‸des}"]'))?.markdown).toBe(
      'Axis `nodes` of the matrix: `1`, `2`',
    );
    expect(hover(launch(...params, 'env: { K: "${secret:k‸ey}" }'))?.markdown).toMatch(/secret `key`/);
    expect(hover(launch(...params, 'command: [python, "${HO‸ME}"]'))?.markdown).toMatch(/^Literal text/);
    expect(hover(launch(...params, 'command: |', '  cd x', '  python --lr $l‸r'))).toMatchObject({
      about: '$lr',
      markdown: expect.stringMatching(/^Parameter `lr`/) as string,
    });
  });
});

describe('symbols and folding', () => {
  const text = `version: 1
# one
# two
# three
clusters:
  lab:
    hosts: [n1]
launches:
  a: &a
    cluster: lab
    launcher: ssh
  b: { <<: *a, np: 2 }
`;

  it('lists clusters and launches with their own keys', () => {
    const symbols = rankwiseLanguage.symbols(text);
    expect(symbols.map(({ name }) => name)).toEqual(['version', 'clusters', 'launches']);
    const [a, b] = symbols[2]?.children ?? [];
    expect(a).toMatchObject({ name: 'a', kind: 'launch', detail: 'ssh · lab' });
    expect(a?.children?.map(({ name, detail }) => [name, detail])).toEqual([
      ['cluster', 'lab'],
      ['launcher', 'ssh'],
    ]);
    expect(b?.children?.map(({ name }) => name)).toEqual(['np']);
    expect(text.slice(b?.start, b?.end)).toBe('b: { <<: *a, np: 2 }');
    expect(text.slice(a?.nameStart, a?.nameEnd)).toBe('a');
    for (const { start, end, nameStart, nameEnd } of symbols.flatMap((one) => [
      one,
      ...(one.children ?? []),
    ])) {
      expect(start).toBeLessThanOrEqual(nameStart);
      expect(nameEnd).toBeLessThanOrEqual(end);
    }
  });

  it('folds mappings of several lines and blocks of comments', () => {
    expect(rankwiseLanguage.folding?.(text)).toEqual([
      { startLine: 1, endLine: 3, comment: true },
      { startLine: 4, endLine: 6 },
      { startLine: 5, endLine: 6 },
      { startLine: 7, endLine: 11 },
      { startLine: 8, endLine: 10 },
    ]);
  });
});
