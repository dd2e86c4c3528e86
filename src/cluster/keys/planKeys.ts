import { RankwiseError } from '../../base/errors';
import { findKnownKeys } from '../../ssh/knownHosts';
import { configBlock } from './configBlock';
import { keyNames } from './keyNames';
import type { KeyNames } from './keyNames';
import type { KeyState } from './keyState';
import { divide, join } from './ownLines';
import type { OwnedFile } from './ownLines';

/** `rotate` replaces the keys of all hosts; `undo` takes everything back. `apply` also repairs: it adds what is missing. */
export type KeyPurpose = 'apply' | 'rotate' | 'undo';

/** What changes in one file. Lines are whole and without newlines; the other lines stay byte for byte. */
export interface FileEdit {
  /** Such as `~/.ssh/authorized_keys`. */
  path: string;
  /** `create`: there is none yet. `delete`: we made it and nothing else is in it. */
  action: 'create' | 'change' | 'delete';
  add: string[];
  remove: string[];
}

/** What changes in one home directory. */
export interface HomeEdit {
  /** The host through which it is changed. */
  host: string;
  /** All hosts that have this home. */
  hosts: string[];
  /** The key pair `path` and `path.pub`. */
  key: { action: 'make' | 'replace' | 'remove'; path: string } | undefined;
  files: FileEdit[];
}

/** Something a person should know before the plan is carried out. `blocks`: it cannot be. */
export interface KeyFinding {
  host: string;
  message: string;
  nextStep: string;
  blocks: boolean;
}

/** Every change of a set-up of keys between hosts, as plain data. Nothing to change: no homes. */
export interface KeyPlan {
  cluster: string;
  purpose: KeyPurpose;
  homes: HomeEdit[];
  findings: KeyFinding[];
}

/** One file as it is to be; for whoever writes it. */
export interface FileTarget {
  name: OwnedFile;
  was: string | undefined;
  /** Undefined: there is to be no file. */
  text: string | undefined;
  mode: number;
  edit: FileEdit;
}

const ownedFiles: readonly OwnedFile[] = ['authorized_keys', 'known_hosts', 'config'];

/**
 * Works out what is to change so that the hosts reach each other by SSH without a password, or (`undo`) that nothing of
 * this is left. Pure. Keys that are still to be made stand as `<new key of HOST>`.
 * @throws RankwiseError `keys.badName` for a name that cannot stand in OpenSSH's files.
 */
export function planKeys(cluster: string, purpose: KeyPurpose, states: readonly KeyState[]): KeyPlan {
  const names = keyNames(cluster);
  const targets = fileTargets(names, purpose, states);
  const homes = writers(states).map((state): HomeEdit => {
    const hosts = states.filter((one) => one.fileSystem === state.fileSystem).map(({ host }) => host);
    const files = targets(state).map(({ edit }) => edit);
    return { host: state.host, hosts, key: keyEdit(names, purpose, state), files };
  });
  return {
    cluster,
    purpose,
    homes: homes.filter(({ key, files }) => key !== undefined || files.length > 0),
    findings: purpose === 'undo' ? [] : findings(states),
  };
}

/** One host for each home directory: the first that has it. */
export function writers(states: readonly KeyState[]): KeyState[] {
  const seen = new Set<string>();
  return states.filter(({ fileSystem }) => !seen.has(fileSystem) && seen.add(fileSystem));
}

/**
 * What the files of a home are to be, given one of its hosts; only those that change.
 * @throws RankwiseError as {@link planKeys}.
 */
export function fileTargets(
  names: KeyNames,
  purpose: KeyPurpose,
  states: readonly KeyState[],
): (state: KeyState) => FileTarget[] {
  for (const { host, peers } of states) for (const name of [host, ...peers]) checkName(name, host);
  const authorized = authorizedKeys(names, purpose, states);
  const wanted = (file: OwnedFile, theirs: string, user: string): string[] => {
    if (purpose === 'undo') return [];
    switch (file) {
      case 'authorized_keys':
        return authorized;
      case 'known_hosts':
        return knownHosts(names, theirs, states);
      case 'config':
        return configBlock(names, user, states);
    }
  };
  return (state) =>
    ownedFiles.flatMap((name): FileTarget[] => {
      const now = state.files[name];
      const { theirs, made, ours } = divide(name, now?.text, names);
      const lines = wanted(name, theirs, state.user);
      if (sameLines(name, ours, lines)) return [];
      const text = join({ theirs, made, ours: lines });
      const edit: FileEdit = {
        path: `~/.ssh/${name}`,
        action: text === undefined ? 'delete' : now === undefined ? 'create' : 'change',
        add: without(lines, ours),
        remove: without(ours, lines),
      };
      return [{ name, was: now?.text, text, mode: now?.mode ?? 0o600, edit }];
    });
}

function authorizedKeys(names: KeyNames, purpose: KeyPurpose, states: readonly KeyState[]): string[] {
  return writers(states).flatMap(({ host, publicKey, nextPublicKey }) => {
    const made = `ssh-ed25519 <new key of ${host}>`;
    // In the middle of a rotation both are good.
    const keys = purpose === 'rotate' ? [made] : [publicKey ?? made, nextPublicKey ?? ''];
    return keys.filter((key) => key !== '').map((key) => `${key} ${names.comment(host)}`);
  });
}

/** A line for each host, without the names under which the user has this key already. */
function knownHosts(names: KeyNames, theirs: string, states: readonly KeyState[]): string[] {
  return states.flatMap(({ host, peers, port, hostKey }) => {
    if (hostKey === undefined) return [];
    const isKnown = (name: string): boolean =>
      findKnownKeys(theirs, '', name).some(
        ({ marker, type, key }) => marker === 'none' && `${type} ${key.toString('base64')}` === hostKey,
      );
    const missing = peers.map((peer) => knownName(peer, port)).filter((name) => !isKnown(name));
    return missing.length === 0
      ? []
      : [`${[...new Set(missing)].join(',')} ${hostKey} ${names.comment(host)}`];
  });
}

/** As OpenSSH looks a name up. */
function knownName(peer: string, port: number): string {
  const name = peer.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

function checkName(name: string, host: string): void {
  if (/^[A-Za-z0-9_][A-Za-z0-9._:-]{0,252}$/.test(name) || /^::[0-9A-Fa-f:.]*$/.test(name)) return;
  throw new RankwiseError(
    'keys.badName',
    `${JSON.stringify(name)} cannot be the name of a host between hosts`,
    {
      host,
      nextStep: 'Give this host a plain name or address by which the others reach it.',
    },
  );
}

function keyEdit(names: KeyNames, purpose: KeyPurpose, state: KeyState): HomeEdit['key'] {
  const path = `~/.ssh/${names.keyFile}`;
  const has = state.publicKey !== undefined || state.nextPublicKey !== undefined;
  if (purpose === 'undo') return has ? { action: 'remove', path } : undefined;
  if (state.publicKey === undefined) return { action: 'make', path };
  return purpose === 'rotate' ? { action: 'replace', path } : undefined;
}

/** The order of lines counts only where it means something. */
function sameLines(file: OwnedFile, one: readonly string[], other: readonly string[]): boolean {
  const text = (lines: readonly string[]): string =>
    (file === 'config' ? lines : [...lines].sort()).join('\n');
  return text(one) === text(other);
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const present = new Set(others);
  return lines.filter((line) => !present.has(line));
}

function findings(states: readonly KeyState[]): KeyFinding[] {
  return states.flatMap(({ host, hasTools, hostKey, homeMode, directoryMode }): KeyFinding[] => {
    const found: KeyFinding[] = [];
    if (!hasTools) {
      const nextStep = 'Install the OpenSSH client there.';
      found.push({ host, message: `${host} has no ssh or ssh-keygen`, nextStep, blocks: true });
    }
    if (hostKey === undefined) {
      const message = `${host} is this machine and has shown no host key, so the others cannot know it`;
      const nextStep = 'Name it by an address under which SSH reaches it.';
      found.push({ host, message, nextStep, blocks: true });
    }
    const writable = ((homeMode | (directoryMode ?? 0)) & 0o022) !== 0;
    if (writable) {
      const message = `others may write to the home directory or ~/.ssh of ${host}: its SSH server may refuse keys`;
      found.push({ host, message, nextStep: 'Run `chmod go-w ~ ~/.ssh` there.', blocks: false });
    }
    return found;
  });
}
