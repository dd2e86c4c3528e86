import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { visibleControls } from '../base/plainText';
import type { Ask } from '../ssh/ask';
import { say } from './output';

/** Questions asked on the terminal, on standard error so that output stays clean. */
export class TerminalAsk implements Ask {
  async hostKey({
    host,
    keyType,
    fingerprint,
    knownHostsFile,
  }: Parameters<Ask['hostKey']>[0]): Promise<'accept' | 'reject'> {
    const question = `${host} is not known. Its ${keyType} key is\n  ${fingerprint}\nTrust it and add it to ${knownHostsFile}? (yes/no) `;
    return (await this.answer(question, true)).trim() === 'yes' ? 'accept' : 'reject';
  }

  async secret(
    { title, instructions, prompts }: Parameters<Ask['secret']>[0],
    signal: AbortSignal,
  ): Promise<string[] | undefined> {
    say(title);
    if (instructions !== undefined) say(instructions);
    const answers: string[] = [];
    for (const { text, echo } of prompts) {
      try {
        answers.push(await this.answer(text, echo, signal));
      } catch {
        return undefined;
      }
    }
    return answers;
  }

  private async answer(question: string, echo: boolean, signal?: AbortSignal): Promise<string> {
    process.stderr.write(visibleControls(question));
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (echo) process.stderr.write(chunk);
        done();
      },
    });
    const lines = createInterface({ input: process.stdin, output, terminal: true });
    try {
      return await lines.question('', signal === undefined ? {} : { signal });
    } finally {
      lines.close();
      if (!echo) process.stderr.write('\n');
    }
  }
}

/** Never asks: an unknown host key is refused, a login that needs a person is given up. */
export const batchAsk: Ask = {
  hostKey: () => Promise.resolve('reject'),
  secret: () => Promise.resolve(undefined),
};
