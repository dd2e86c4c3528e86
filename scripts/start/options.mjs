import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MachineError } from '../machine/machineError.mjs';

export const usage = `npm start [-- OPTIONS]
  (no option)     VS Code in the browser with Rankwise, a sample workspace and four practice hosts
  --port N        listen on this port of the loopback interface; default: a free one
  --desktop       install into the VS Code on this machine (the command code) and open the sample workspace there
  --record DIR    drive the main job without a person; screenshots and result.json go to DIR
  --help          this text`;

/**
 * @typedef {object} StartOptions
 * @property {number | undefined} port
 * @property {boolean} desktop
 * @property {string | undefined} record absolute
 * @property {boolean} help
 */

/**
 * @param {string[]} args
 * @returns {StartOptions}
 * @throws {MachineError} for what cannot be understood
 */
export function startOptions(args) {
  const values = parse(args);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new MachineError(`--port ${values.port} is not a port`, 'Give a number from 1 to 65535.');
  }
  if (values.desktop && values.record !== undefined) {
    throw new MachineError('--desktop and --record exclude each other', 'Leave one of them out.');
  }
  const record = values.record === undefined ? undefined : resolve(values.record);
  return { port, desktop: values.desktop, record, help: values.help };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        desktop: { type: 'boolean', default: false },
        record: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new MachineError(error instanceof Error ? error.message : String(error), usage, { cause: error });
  }
}
