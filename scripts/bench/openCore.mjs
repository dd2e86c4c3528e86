/**
 * The core as a window has it, on the hosts of a lab.
 * @param {Awaited<ReturnType<typeof import('./loadParts.mjs').loadParts>>} parts
 * @param {import('../../test/support/lab').Lab} lab
 * @param {string} stateDir
 */
export function openCore({ createCore }, lab, stateDir) {
  const quiet = () => undefined;
  return createCore({
    stateDir,
    extensionPath: '',
    secretOf: async () => undefined,
    ask: { hostKey: async () => 'reject', secret: async () => undefined },
    logger: { debug: quiet, info: quiet, warn: console.error, error: console.error },
    sshConfigFile: () => lab.sshConfigFile,
  });
}
