/** What was asked for. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** What is being done, for a person who waits. */
export function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
