import { createServer } from 'node:net';
import { MachineError } from './machineError.mjs';

/**
 * A TCP port of the loopback interface that is free now.
 * @param {number} [wanted] fails when this one is taken; default: any
 * @returns {Promise<number>}
 * @throws {MachineError}
 */
export function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error) =>
      reject(
        new MachineError(
          `port ${wanted} cannot be used: ${'code' in error && error.code === 'EADDRINUSE' ? 'another program is listening on it' : error.message}`,
          'Choose another: npm start -- --port N (or leave it out).',
          { cause: error },
        ),
      ),
    );
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      server.close(() => resolve(port));
    });
  });
}
