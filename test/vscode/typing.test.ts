import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TextEditor } from '../support/textEditor';
import { pictureFailures, VsCode } from '../support/vscode';

/** Lines whose numbers and words are also what is offered, or a part of it. */
const files: Record<string, string[]> = {
  'my.hostfile': ['node1 slots=2', 'node2 slots=16', 'ubuntu@node3 slots=4 max_slots=8', 'node4'],
  'job.sbatch': [
    '#!/bin/bash',
    '#SBATCH --nodes=2',
    '#SBATCH -t 30',
    '#SBATCH --gres=gpu:4',
    '#SBATCH --mail-type=END,FAIL',
    '#SBATCH --signal=B:USR1@60',
    '#SBATCH --exclusive',
    'srun python train.py --epochs 20',
  ],
  'rankwise.yaml': [
    'version: 1',
    'clusters:',
    '  lab: { hosts: my.hostfile, user: ubuntu }',
    'launches:',
    '  train:',
    '    cluster: lab',
    '    launcher: mpirun',
    '    command: python train.py',
    '    np: 4',
  ],
  'config.json': ['{', '"epochs": 20,', '"gpus": 2,', '"use_gpu": true', '}'],
};

describe('typing without a look at what is offered', () => {
  let code: VsCode;
  let editor: TextEditor;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: {
        ...Object.fromEntries(Object.keys(files).map((path) => [path, ''])),
      },
      // What VS Code adds by itself is not the matter here.
      settings: {
        'editor.autoClosingBrackets': 'never',
        'editor.autoClosingQuotes': 'never',
        'editor.autoIndent': 'none',
        'editor.wordBasedSuggestions': 'off',
        '[yaml]': { 'editor.autoIndent': 'none' },
      },
    });
    editor = new TextEditor(code);
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  it.each(Object.entries(files))(
    'puts into %s what was typed, and offers nothing once a word is whole',
    async (path, lines) => {
      await editor.open(path);
      for (const line of lines) {
        await editor.type(line);
        // The list goes by itself once the word is whole. How soon depends on the machine, so the line is not ended by a key
        // that would take from it.
        await code.page.locator('.suggest-widget.visible').waitFor({ state: 'hidden' });
        await code.page.keyboard.insertText('\n');
      }
      await expect.poll(() => editor.saved(path)).toBe(`${lines.join('\n')}\n`);
    },
  );
});
