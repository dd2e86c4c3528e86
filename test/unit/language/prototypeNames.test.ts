import { describe, expect, it } from 'vitest';
import { checkFile } from '../../../src/config/checkFile';
import { importCommand } from '../../../src/imports/importCommand';
import { importedInto } from '../../../src/imports/importedInto';
import { rankwiseLanguage } from '../../../src/language/rankwiseLanguage';

/** Names that every plain object of JavaScript seems to have. */
const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

const config = (name: string): string => `version: 1
clusters:
  ${name}:
    hosts: [{ host: ${name}, slots: 2 }]
    env: { ${name}: x }
launches:
  ${name}:
    cluster: ${name}
    launcher: mpirun
    command: [python, "\${params.${name}}", "\${${name}}", "\${matrix.${name}}", "--${name}=1"]
    mpirun: { args: ["--${name}", "-${name}"], mca: { ${name}: 1 } }
  b:
    cluster: ${name}
    launcher: torchrun
    command: python "$${name}"
    presets: { a: { ${name}: 1 } }
    matrix: { nodes: [1], exclude: [{ ${name}: 1 }] }
    torchrun: { args: ["--${name}"] }
`;

describe.each(names)('a file full of %s', (name) => {
  const text = config(name);

  it('is checked, and asked about at every place', () => {
    const problems = checkFile('rankwise', '/ws/rankwise.yaml', text);
    for (const problem of problems) rankwiseLanguage.fixes(text, problem, {});
    for (let offset = 0; offset <= text.length; offset++) {
      for (const { insert } of rankwiseLanguage.completions(text, offset, { sites: {} }))
        expect(insert).not.toContain('native code');
      expect(rankwiseLanguage.hover(text, offset, {})?.markdown ?? '').not.toMatch(/native code|\[object/);
    }
  });

  it('is imported, and each word kept or named', () => {
    const pasted = `${name}=1 mpirun -np 2 -x ${name}=2 --mca ${name} 3 -H ${name} python ${name}.py`;
    const { launches } = importCommand(pasted);
    expect(launches).toHaveLength(1);
    expect(JSON.stringify(launches)).not.toMatch(/native code|\[object/);
    for (const launch of launches) expect(importedInto(undefined, launch)).toBeDefined();
  });
});
