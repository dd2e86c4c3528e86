import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { RankwiseError } from '../../base/errors';
import type { Connection, SshPool } from '../../ssh/connection';
import { quote } from '../../ssh/quote';
import { runScriptText, scriptError } from '../../ssh/runScript';
import { allOrEveryError } from '../gatherFacts';
import { keyNames } from './keyNames';
import type { KeySetup, KeyState } from './keyState';
import { fileTargets, planKeys, writers } from './planKeys';
import type { FileTarget, KeyPlan, KeyPurpose } from './planKeys';
import { readKeyStates } from './readKeyStates';
import makeScript from './remote/makeKey.sh';
import promoteScript from './remote/promoteKey.sh';
import putScript from './remote/putFile.sh';
import removeScript from './remote/removeKey.sh';

/**
 * What would change now, read from the hosts; changes nothing. With `apply` on hosts that are set up it shows only what
 * is missing.
 * @throws RankwiseError as {@link readKeyStates} and {@link planKeys}.
 */
export async function previewKeys(
  ssh: SshPool,
  setup: KeySetup,
  purpose: KeyPurpose,
  signal?: AbortSignal,
): Promise<KeyPlan> {
  return planKeys(setup.cluster, purpose, await readKeyStates(ssh, setup, signal));
}

/**
 * Makes the hosts reach each other without a password, or repairs that. Done twice, it changes nothing the second time.
 * @param shown the plan that the person saw: where another one would be carried out now, nothing is.
 * @returns what was done.
 * @throws RankwiseError `keys.changed` (the plan shown is out of date, or a file was edited meanwhile: nothing was lost,
 * preview and apply again), `keys.blocked`, `ssh.scriptFailed`; as {@link previewKeys}.
 */
export async function applyKeys(
  ssh: SshPool,
  setup: KeySetup,
  shown?: KeyPlan,
  signal?: AbortSignal,
): Promise<KeyPlan> {
  const { plan, states } = await begin(ssh, setup, 'apply', shown, signal);
  await makeMissing(ssh, setup, states, signal);
  await writeFiles(ssh, setup, 'apply', signal);
  return plan;
}

/**
 * Gives every host a new key. The old ones open the hosts until all new ones do; then they are gone. Broken off in
 * between, doing it again, or {@link applyKeys}, puts it right.
 * @throws RankwiseError as {@link applyKeys}.
 */
export async function rotateKeys(
  ssh: SshPool,
  setup: KeySetup,
  shown?: KeyPlan,
  signal?: AbortSignal,
): Promise<KeyPlan> {
  const { plan, states } = await begin(ssh, setup, 'rotate', shown, signal);
  const { keyFile, nextKeyFile, comment } = keyNames(setup.cluster);
  await makeMissing(ssh, setup, states, signal);
  await atHomes(ssh, setup, states, signal, (connection, { host }) =>
    runScriptText(connection, 'Making a key', makeScript, [nextKeyFile, comment(host), 'anew'], signal),
  );
  await writeFiles(ssh, setup, 'apply', signal);
  await atHomes(ssh, setup, states, signal, (connection) =>
    runScriptText(connection, 'Changing the key', promoteScript, [keyFile], signal),
  );
  await writeFiles(ssh, setup, 'apply', signal);
  return plan;
}

/**
 * Removes exactly the lines and keys that the others made; what remains is byte for byte as it was.
 * @throws RankwiseError as {@link applyKeys}, but for `keys.blocked`.
 */
export async function undoKeys(
  ssh: SshPool,
  setup: KeySetup,
  shown?: KeyPlan,
  signal?: AbortSignal,
): Promise<KeyPlan> {
  const { plan, states } = await begin(ssh, setup, 'undo', shown, signal);
  const { keyFile } = keyNames(setup.cluster);
  await writeFiles(ssh, setup, 'undo', signal);
  await atHomes(ssh, setup, states, signal, (connection) =>
    runScriptText(connection, 'Removing the key', removeScript, [keyFile], signal),
  );
  return plan;
}

async function begin(
  ssh: SshPool,
  setup: KeySetup,
  purpose: KeyPurpose,
  shown: KeyPlan | undefined,
  signal: AbortSignal | undefined,
): Promise<{ plan: KeyPlan; states: KeyState[] }> {
  const states = await readKeyStates(ssh, setup, signal);
  const plan = planKeys(setup.cluster, purpose, states);
  if (shown !== undefined && !isDeepStrictEqual(shown, plan)) {
    throw new RankwiseError(
      'keys.changed',
      'the hosts have changed since the plan was shown; nothing was done',
      {
        nextStep: 'Look at the new plan.',
      },
    );
  }
  const blocking = plan.findings.filter(({ blocks }) => blocks);
  const [first] = blocking;
  if (first !== undefined) {
    const all = blocking.map(({ message }) => message).join(' · ');
    const { host, nextStep } = first;
    throw new RankwiseError('keys.blocked', `no keys were set up: ${all}`, { host, nextStep });
  }
  return { plan, states };
}

/** Runs a task once for each home directory, in parallel. */
async function atHomes(
  ssh: SshPool,
  setup: KeySetup,
  states: readonly KeyState[],
  signal: AbortSignal | undefined,
  task: (connection: Connection, state: KeyState) => Promise<unknown>,
): Promise<void> {
  await allOrEveryError(signal, writers(states), async (state) => {
    const host = setup.hosts.find(({ name }) => name === state.host);
    if (host !== undefined) await task(await ssh.connect(host.target, signal), state);
  });
}

function makeMissing(
  ssh: SshPool,
  setup: KeySetup,
  states: readonly KeyState[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { keyFile, comment } = keyNames(setup.cluster);
  const without = states.filter(({ publicKey }) => publicKey === undefined);
  const missing = writers(states).filter((state) => without.includes(state));
  return atHomes(ssh, setup, missing, signal, (connection, { host }) =>
    runScriptText(connection, 'Making a key', makeScript, [keyFile, comment(host)], signal),
  );
}

/** Writes what differs now that all keys are there. */
async function writeFiles(
  ssh: SshPool,
  setup: KeySetup,
  purpose: KeyPurpose,
  signal: AbortSignal | undefined,
): Promise<void> {
  const states = await readKeyStates(ssh, setup, signal);
  const targets = fileTargets(keyNames(setup.cluster), purpose, states);
  await atHomes(ssh, setup, states, signal, async (connection, state) => {
    for (const target of targets(state)) await putFile(connection, target, signal);
  });
}

async function putFile(connection: Connection, target: FileTarget, signal?: AbortSignal): Promise<void> {
  const { name, was, text, mode } = target;
  const temporary = `.rankwise-${randomUUID()}`;
  const what = `Writing ~/.ssh/${name}`;
  const digest = was === undefined ? '-' : sha256(was);
  const remote = [name, text === undefined ? 'remove' : mode.toString(8), digest, temporary];
  if (text !== undefined) {
    const upload = `umask 077; mkdir -p .ssh && cat >.ssh/${temporary} || { rm -f .ssh/${temporary}; exit 1; }`;
    const stdin = Buffer.from(text, 'latin1');
    const result = await connection.exec(`sh -c ${quote(upload)}`, { stdin, ...(signal && { signal }) });
    if (result.code !== 0) throw scriptError(connection.host, what, result);
  }
  try {
    await runScriptText(connection, what, putScript, remote, signal);
  } catch (error) {
    if (!(error instanceof RankwiseError) || !error.message.includes('has changed meanwhile')) throw error;
    throw new RankwiseError('keys.changed', error.message, {
      host: connection.host,
      nextStep: 'Look at the new plan and apply it.',
      cause: error,
    });
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(Buffer.from(text, 'latin1')).digest('hex');
}
