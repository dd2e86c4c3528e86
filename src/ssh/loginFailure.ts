import { RankwiseError } from '../base/errors';
import type { LoginRecord } from './authentication';
import type { Credential } from './credentials';
import { shownName } from './hostKeyRefusal';
import type { LoginPrompts } from './loginPrompts';
import type { ResolvedHost } from './resolved';

/** First words of the next step where only a person can go on. */
const signInAgain = 'Sign in again: check the cluster, or open a terminal on this host';

/**
 * Why a host let nobody in and what to do about it.
 * @param credentials what there was to offer.
 * @param prompts absent where nobody was to be asked.
 */
export function explainDenial(
  host: ResolvedHost,
  record: LoginRecord,
  credentials: readonly Credential[],
  prompts: LoginPrompts | undefined,
  cause: Error,
): RankwiseError {
  const who = `${host.user}@${host.name}`;
  const offered = describeKeys(record.tried);
  const error = (code: string, message: string, nextStep: string): RankwiseError =>
    new RankwiseError(code, message, { host: host.name, nextStep, cause });
  if (prompts?.gaveUp === true) {
    return error('ssh.cancelledLogin', `the login to ${who} was given up`, `${signInAgain}.`);
  }
  if (record.refusedAnswers > 0) {
    const times = record.refusedAnswers === 1 ? 'once' : `${record.refusedAnswers} times`;
    return error('ssh.denied', `${who} did not accept what was typed, ${times}`, `${signInAgain}.`);
  }
  if (/too many authentication failures/i.test(cause.message)) {
    return error(
      'ssh.noKey',
      `${who} broke off after too many keys (${offered ?? 'no key'})`,
      'Name the right key with `identityFile`, or set IdentitiesOnly in the OpenSSH configuration.',
    );
  }
  const wanted = host.methods.filter((method) => record.left.includes(method));
  const byHand = wanted.filter((method) => method !== 'publickey');
  if (record.partial) {
    return error(
      'ssh.needsPerson',
      `${who} took a key or a password and asks for more (${record.left.join(', ')}): a second factor`,
      `${signInAgain}.`,
    );
  }
  const locked = credentials.find((one) => one.kind === 'locked');
  if (locked !== undefined && wanted.includes('publickey')) {
    return error(
      'ssh.needsPerson',
      `${who} was not reached with ${offered ?? 'no key'}, and ${locked.path} needs its passphrase`,
      `${signInAgain}, or open the key once with \`ssh-add ${locked.path}\`.`,
    );
  }
  const nothing =
    offered === undefined ? 'no login without a key, and none was found' : `none of the keys (${offered})`;
  if (byHand.length > 0) {
    return error(
      'ssh.needsPerson',
      `${who} accepts ${nothing} and asks for a password (${byHand.join(', ')})`,
      `${signInAgain}, or put your key on the host with \`${copyId(host)}\`.`,
    );
  }
  const methods = record.left.length > 0 ? ` (it takes ${record.left.join(', ')})` : '';
  return error(
    'ssh.noKey',
    `${who} accepts ${nothing}${methods}`,
    'Name a key that opens this account with `identityFile`, or add it to the agent with `ssh-add`.',
  );
}

/** The host hung up while a question was on the screen (its LoginGraceTime). */
export function explainInterrupted(host: ResolvedHost, cause: Error): RankwiseError {
  return new RankwiseError('ssh.needsPerson', `${shownName(host)} hung up before its question was answered`, {
    host: host.name,
    nextStep: `${signInAgain}, and answer within its time limit (often two minutes).`,
    cause,
  });
}

function describeKeys(tried: readonly Credential[]): string | undefined {
  const inAgent = tried.filter((one) => one.kind === 'agent').length;
  const files = tried.flatMap((one) => (one.kind === 'agent' ? [] : [one.path]));
  const agent = inAgent === 0 ? [] : [`${inAgent} ${inAgent === 1 ? 'key' : 'keys'} of the agent`];
  const all = [...new Set([...files, ...agent])];
  return all.length === 0 ? undefined : all.join(', ');
}

function copyId(host: ResolvedHost): string {
  return `ssh-copy-id ${host.port === 22 ? '' : `-p ${host.port} `}${host.user}@${host.name}`;
}
