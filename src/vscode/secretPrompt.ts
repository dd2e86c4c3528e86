import * as vscode from 'vscode';
import type { SecretQuestion } from '../ssh/ask';

/**
 * Asks for the secrets of one login, one box after the other. A box that is dismissed gives the login up; a signal
 * takes the box back.
 */
export async function promptForSecret(
  question: SecretQuestion,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const source = new vscode.CancellationTokenSource();
  const onAbort = (): void => source.cancel();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const answers: string[] = [];
    for (const { text, echo } of question.prompts) {
      if (signal.aborted) return undefined;
      const said = [question.instructions, text].filter((part) => part !== undefined && part !== '');
      const options = {
        title: question.title,
        prompt: said.join(' '),
        password: !echo,
        ignoreFocusOut: true,
      };
      const answer = await vscode.window.showInputBox(options, source.token);
      if (answer === undefined) return undefined;
      answers.push(answer);
    }
    return answers;
  } finally {
    signal.removeEventListener('abort', onAbort);
    source.dispose();
  }
}
