import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainMessage, plainRow } from '../../../src/vscode/plainMessage';

/** What VS Code makes a link of in a notification. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

describe('text of others in a notification', () => {
  it.each([
    'sbatch: error: [see here](command:workbench.action.terminal.sendSequence?%5B%5D)',
    '[a](command:x)[b](https://example.org "title")',
  ])('is no link: %s', (text) => {
    expect(text).toMatch(link);
    expect(plainMessage(text)).not.toMatch(link);
  });

  it('stays as it is otherwise', () => {
    expect(plainMessage('node[1-4] (2 GPUs) failed: f(x)')).toBe('node[1-4] (2 GPUs) failed: f(x)');
  });

  it('is made plain wherever an error is told', () => {
    const folder = join(__dirname, '../../../src/vscode');
    const telling = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
      .filter(({ text }) => /show\w+Message\([^;]*describeError/.test(text));
    expect(telling.length).toBeGreaterThan(1);
    for (const { name, text } of telling) expect(text, name).toContain('plainMessage(');
  });
});

describe('names of others in a list to choose from', () => {
  /** What VS Code makes an icon of. */
  const icon = /\$\([A-Za-z0-9-]+(?:~[A-Za-z0-9-]+)?\)/g;

  it('keep the icon of their row, and become none themselves', () => {
    const icons = (label: string): unknown => plainRow({ label }).label.match(icon);
    expect(icons('$(file) out/$(verified) a$(error~spin)')).toEqual(['$(file)']);
    expect(icons('$(vm) $$(check)')).toEqual(['$(vm)']);
    expect(plainRow({ label: '$(vm) n1', description: '$(verified) lab' }).description).not.toMatch(icon);
    const plain = { label: '$(vm) node1', description: 'lab (2)', value: 1 };
    expect(plainRow(plain)).toEqual(plain);
  });

  it('are made plain where all of these lists are shown', () => {
    const pickers = join(__dirname, '../../../src/vscode/commands/pickers.ts');
    const shown = readFileSync(pickers, 'utf8').match(/showQuickPick\([^,]*,/g);
    expect(shown).toEqual(['showQuickPick(items.map(plainRow),']);
  });
});
