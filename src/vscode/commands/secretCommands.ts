import * as vscode from 'vscode';
import { Cancelled, RankwiseError } from '../../base/errors';
import type { Core } from '../../core';
import { commandIds } from '../ids';
import { wantedSecrets, type Secrets } from '../secrets';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pick } from './pickers';

const namePattern = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Set Secret… and Delete Secret…: values of `${secret:NAME}`, kept by the editor and shown nowhere. */
export function registerSecretCommands(registry: CommandRegistry, core: Core, secrets: Secrets): void {
  registry.register(commandIds.secretSet, 'Set secret', async (argument) => {
    const name = argumentField(argument, 'secret') ?? (await pickName(core, secrets));
    const prompt = `It is kept by the editor, encrypted, and given to hosts at a start only.`;
    const value = await vscode.window.showInputBox({
      title: `Value of \${secret:${name}}`,
      prompt,
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (text === '' ? 'An empty value is none.' : undefined),
    });
    if (value === undefined || value === '') throw new Cancelled();
    await secrets.set(name, value);
    void vscode.window.showInformationMessage(`The secret ${name} is set.`);
  });
  registry.register(commandIds.secretDelete, 'Delete secret', async () => {
    const names = secrets.names();
    if (names.length === 0)
      throw new RankwiseError('vscode.noSecrets', 'no secret is set', {
        nextStep: 'Set one with the command "Rankwise: Set Secret…".',
      });
    const items = names.map((name) => ({ label: `$(lock) ${name}`, value: name }));
    const choice = await vscode.window.showQuickPick(items, { placeHolder: 'Which secret to delete?' });
    if (choice === undefined) throw new Cancelled();
    await secrets.delete(choice.value);
    void vscode.window.showInformationMessage(`The secret ${choice.value} is deleted.`);
  });
}

/** The secrets that the config wants come first, with who wants them. */
async function pickName(core: Core, secrets: Secrets): Promise<string> {
  const isSet = new Set(secrets.names());
  const wanted = wantedSecrets(core.config.current);
  const names = [...new Set([...wanted.keys(), ...isSet])];
  const chosen = await pick<{ name: string | undefined }>('Which secret?', [
    ...names.map((name) => ({
      label: `$(lock) ${name}`,
      description: isSet.has(name) ? 'set' : 'not set yet',
      ...(wanted.has(name) ? { detail: `used by ${wanted.get(name)?.join(', ') ?? ''}` } : {}),
      value: { name },
    })),
    { label: '$(add) Another Name…', value: { name: undefined } },
  ]);
  if (chosen.name !== undefined) return chosen.name;
  const name = await vscode.window.showInputBox({
    title: 'Name of the secret',
    prompt: 'A launch uses it as ${secret:NAME} in env:.',
    validateInput: (text) =>
      namePattern.test(text) ? undefined : 'Letters, digits, dots, dashes and underscores.',
  });
  if (name === undefined || name === '') throw new Cancelled();
  return name;
}
