import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

/**
 * The architecture's import rules as the lint settings really have them: texts that stand in for real files are
 * linted, with the rules that need types left out (such a text belongs to no program).
 */
// With CI set, typescript-eslint takes a file's text from disk instead of the text it is given.
process.env['TSESTREE_SINGLE_RUN'] = 'false';
const eslint = new ESLint({
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  ruleFilter: ({ ruleId }) => ruleId.startsWith('boundaries/') || ruleId === 'no-restricted-imports',
});

async function complaints(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: file });
  return result!.messages.map(({ ruleId, message }) => `${ruleId ?? 'parser'}: ${message}`);
}

const refused = (from: string, to: string) => [
  `boundaries/dependencies: The corridor: ${from} may not import ${to} (see CONTRIBUTING).`,
];

describe('the corridor', () => {
  it.each([
    ['src/ssh/quote.ts', "import '../config/model';", 'ssh', 'config'],
    ['src/config/model.ts', "import type { Plan } from '../launch/plan';", 'config', 'launch'],
    ['src/launch/plan.ts', "import type { RunView } from '../runs/model';", 'launch', 'runs'],
    ['src/runs/model.ts', "import type { MetricPoint } from '../metrics/point';", 'runs', 'metrics'],
    ['src/metrics/point.ts', "import '../vscode/ids';", 'metrics', 'vscode'],
    ['src/core.ts', "import '../src/vscode/ids';", 'core', 'vscode'],
    ['src/base/clock.ts', "import '../ssh/quote';", 'base', 'ssh'],
    ['src/metrics/point.ts', "import '../ssh/quote';", 'metrics', 'ssh'],
    ['src/practice/cluster.ts', "import '../runs/model';", 'practice', 'runs'],
    ['src/text/format.ts', "import '../practice/cluster';", 'text', 'practice'],
    ['src/vscode/ids.ts', "import '../cli/arguments';", 'vscode', 'cli'],
    ['src/protocol/dashboard.ts', "import '../base/clock';", 'protocol', 'base'],
  ])('refuses %s: %s', async (file, text, from, to) => {
    expect(await complaints(file, text)).toEqual(refused(from, to));
  });

  it.each([
    ['src/core.ts', "import * as vscode from 'vscode';"],
    ['src/metrics/point.ts', "import * as vscode from 'vscode';"],
    ['src/runs/model.ts', "import { Client } from 'ssh2';"],
    ['src/vscode/ids.ts', "import { Client } from 'ssh2';"],
    ['src/protocol/dashboard.ts', "import { Button } from '@vscode/webview-ui-toolkit';"],
  ])('keeps packages in their rooms: %s: %s', async (file, text) => {
    expect(await complaints(file, text)).toEqual([
      expect.stringMatching(/^no-restricted-imports: .* belongs to .* only\./),
    ]);
  });

  it.each([
    ['src/runs/model.ts', "import type { Plan } from '../launch/plan';"],
    ['src/launch/plan.ts', "import { quote } from '../ssh/quote';"],
    ['src/ssh/quote.ts', "import { Client } from 'ssh2';"],
    ['src/vscode/ids.ts', "import * as vscode from 'vscode';"],
    ['src/core.ts', "import type { RunMetrics } from './metrics/runMetrics';"],
  ])('lets through %s: %s', async (file, text) => {
    expect(await complaints(file, text)).toEqual([]);
  });
});
