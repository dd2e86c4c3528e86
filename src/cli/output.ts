/** As a shell reports a program that ended because nobody read its output: 128 + SIGPIPE. */
const BROKEN_PIPE = 141;

// Whoever reads may have seen enough (`points RUN | head`): that is no failure to tell about.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(BROKEN_PIPE);
});

/** What was asked for. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** What is being done, for a person who waits. */
export function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
