import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TextEditor } from '../support/textEditor';
import { pictureFailures, VsCode } from '../support/vscode';

const training = `{
  // the run of Tuesday
  "lr": 0.1,
  "epochs": 3,
  "nodes": 2,
  "gpus": 2,
  "batch_size": 32,
  "num_workers": 3,
  "use_gpu": true
}
`;

describe('a training configuration in the editor', () => {
  let code: VsCode;
  let editor: TextEditor;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: {
        'config.json': training,
        'rankwise.yaml': [
          'version: 1',
          'clusters:',
          '  lab: { hosts: [{ host: node1, slots: 2, gpus: 2 }, { host: node2, slots: 2, gpus: 2 }] }',
          'launches:',
          '  train:',
          '    cluster: lab',
          '    launcher: ray',
          '    nodes: 2',
          '    gpus: 2',
          '    config: config.json',
          '    command: [python3, train.py, -g, "3"]',
          '',
        ].join('\n'),
        'package.json': '{ "name": "no-training", "version": "1.0.0", "debug": true }\n',
      },
    });
    editor = new TextEditor(code);
    await editor.open('config.json');
    await code.run('Problems: Focus on Problems View');
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  it('is held against itself and the command of its launch', async () => {
    await expect
      .poll(() => editor.problems())
      .toEqual([
        expect.stringMatching(/`gpus` is 2, but its command says `-g 3`.* training\.commandDiffers \[Ln 6, /),
        expect.stringMatching(/`num_workers` is 3.* training\.workers \[Ln 8, /),
        expect.stringMatching(/training\.idleGpus \[Ln 8, /),
      ]);
    await code.page.locator('.statusbar').getByText('JSON with Comments').waitFor();
    await code.picture('training');
  });

  it('shows the total batch beside the numbers it comes from', async () => {
    const line = code.page.locator('.view-line').filter({ hasText: 'batch_size' });
    await expect.poll(() => line.innerText()).toMatch(/32\s+total\s+96\s+samples,/);
  });

  it('is mended by a quick fix, and explained', async () => {
    await editor.goTo(8, 20);
    await editor.fix('4');
    await expect.poll(() => editor.saved('config.json')).toBe(training.replace('workers": 3', 'workers": 4'));
    await editor.goTo(7, 6);
    expect(await editor.hover()).toMatch(/batch/i);
  });

  it('leaves other JSON alone', async () => {
    await editor.open('package.json');
    await expect
      .poll(() => editor.problems())
      .toEqual(expect.not.arrayContaining([expect.stringContaining('package')]));
  });
});
