import { visibleControls } from '../base/plainText';

/** As a shell reports a program that ended because nobody read its output: 128 + SIGPIPE. */
const BROKEN_PIPE = 141;

// Whoever reads may have seen enough (`points RUN | head`): that is no failure to tell about.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(BROKEN_PIPE);
});

/** What was asked for. Names of a configuration and words of hosts may hold control characters: they are shown, not obeyed. */
export function print(text: string): void {
  process.stdout.write(visibleControls(text));
}

/** What a job itself prints, with its colours. */
export function printOutput(text: string): void {
  process.stdout.write(text);
}

/** What is being done or went wrong, for a person who waits. */
export function say(message: string): void {
  process.stderr.write(`${visibleControls(message)}\n`);
}
