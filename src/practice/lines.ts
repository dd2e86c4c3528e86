import type { Socket } from 'node:net';

const longestLine = 4096;

/** Hands out each complete line of text; a peer that sends a longer one than any message of ours is cut off. */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) socket.destroy();
    lines.forEach(onLine);
  });
}
