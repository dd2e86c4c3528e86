/**
 * Foreground colours of the rank's tag, in the order of the dashboard's lines as far as terminals have them: blue,
 * yellow for orange, green, purple, red, cyan.
 */
const colours = [34, 33, 32, 35, 31, 36] as const;

/**
 * The tag in front of a line, coloured per worker: `[3 node2] `. Names come from hosts and files: control characters
 * are taken out so that they cannot steer the terminal.
 * A task of an array or of a step is named by their numbers: `[5-0 node2] `.
 * @param index the worker's place in the run
 */
export function workerPrefix(index: number, rank: number | undefined, worker: string, host: string): string {
  const colour = colours[index % colours.length] ?? colours[0];
  const own = worker.slice(worker.lastIndexOf('/') + 1);
  // Several tasks of an array, or steps of a script, have a rank 0 each.
  const name = own.includes('-') ? own : rank;
  const tag = rank === undefined ? printable(worker) : `${name} ${printable(host)}`;
  return `\x1b[${colour}m[${tag}]\x1b[0m `;
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '');
}
