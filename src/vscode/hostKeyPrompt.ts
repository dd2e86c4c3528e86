import * as vscode from 'vscode';
import type { Ask, HostKeyQuestion, SecretQuestion } from '../ssh/ask';
import { promptForSecret } from './secretPrompt';

/**
 * Asks a person about host keys nobody has confirmed yet and for secrets of logins, one question at a time; the same
 * question about a key, asked twice at once, is shown once. A question that is dismissed is a refusal.
 */
export class HostKeyPrompt implements Ask {
  private last: Promise<unknown> = Promise.resolve();
  private readonly open = new Map<string, Promise<'accept' | 'reject'>>();

  hostKey(question: HostKeyQuestion): Promise<'accept' | 'reject'> {
    const key = JSON.stringify(question);
    const asked = this.open.get(key);
    if (asked !== undefined) return asked;
    const answer = this.last.then(() => show(question)).finally(() => this.open.delete(key));
    this.open.set(key, answer);
    this.last = answer.catch(() => undefined);
    return answer;
  }

  secret(question: SecretQuestion, signal: AbortSignal): Promise<string[] | undefined> {
    const answer = this.last.then(() => promptForSecret(question, signal));
    this.last = answer.catch(() => undefined);
    return answer;
  }
}

async function show(question: HostKeyQuestion): Promise<'accept' | 'reject'> {
  const accept: vscode.MessageItem = { title: 'Accept' };
  const reject: vscode.MessageItem = { title: 'Reject', isCloseAffordance: true };
  const detail = [
    `Key type: ${question.keyType}`,
    `Fingerprint: ${question.fingerprint}`,
    '',
    'Compare the fingerprint with one from a source you trust: whoever administers the host, or, on the host itself, ssh-keygen -lf with its public key.',
    `Accepting adds the key to ${question.knownHostsFile}.`,
  ].join('\n');
  const choice = await vscode.window.showWarningMessage(
    `The host key of ${question.host} is not known yet. Connect to it?`,
    { modal: true, detail },
    accept,
    reject,
  );
  return choice === accept ? 'accept' : 'reject';
}
