import { run } from './command.mjs';
import { MachineError } from './machineError.mjs';

const quiet = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  npm_config_progress: 'false',
  npm_config_loglevel: 'error',
  // A registry that fails for a moment is asked again.
  npm_config_fetch_retries: '5',
};

/**
 * How to run npm here: the one that started this script where there is one.
 * @returns {[program: string, ...args: string[]]}
 */
export function npmCommand() {
  const script = process.env['npm_execpath'];
  if (script !== undefined && /npm-cli\.js$/.test(script)) return [process.execPath, script];
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', 'npm'] : ['npm'];
}

/**
 * Runs npm quietly.
 * @param {readonly string[]} args
 * @param {{ cwd: string, what: string }} options `what` names the thing being installed, for the error
 * @throws {MachineError} telling a missing network from other failures
 */
export async function npm(args, { cwd, what }) {
  const [program, ...first] = npmCommand();
  // What the calling npm says of its own project would change where and what this one installs.
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_/.test(name));
  const { code, output } = await run(program, [...first, ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...quiet },
    nextStep: 'npm comes with Node.js: install Node.js 20 or newer.',
  });
  if (code === 0) return;
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT/.test(
      output,
    )
  ) {
    throw new MachineError(
      `${what} could not be installed: the npm registry cannot be reached`,
      'Check the network connection and the proxy settings of npm, then try again.',
    );
  }
  const lines = output
    .replaceAll(/https?:\/\/\S+/g, '<address>')
    .trim()
    .split('\n');
  throw new MachineError(
    `${what} could not be installed: npm ${args[0]} failed with exit ${code}\n${lines.slice(-12).join('\n')}`,
    'The lines above are what npm says.',
  );
}
