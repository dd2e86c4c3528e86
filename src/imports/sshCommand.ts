import { parseHostText, proxyJumpPattern, remotePathPattern } from '../config/names';
import { splitOptions, type Arity, type OptionWords } from './optionWords';
import type { ShellWord } from './shellText';

/** The host that a command was run on by `ssh`. */
export interface SshHost {
  host: string;
  user?: string;
  port?: number;
  identityFile?: string;
  proxyJump?: string;
}

export interface SshCommand {
  host: SshHost;
  /** What runs there, as that host's shell reads it. */
  command: string;
  /** Options that have no place in a cluster. */
  dropped: OptionWords[];
}

/** Options of ssh(1) with a value. */
const VALUES = new Set('BbcDEeFIiJLlmOopQRSWw');
const arity: Arity = (name) => (VALUES.has(name) ? 1 : 0);

/** The words behind `ssh`, or why they cannot be read. */
export function readSsh(words: readonly ShellWord[]): SshCommand | string {
  const { options, rest } = splitOptions(words, arity);
  const [target, ...behind] = rest;
  // Options may stand behind the host as well.
  const more = splitOptions(behind, arity);
  const parsed = parseHostText((target?.text ?? '').replace(/^ssh:\/\//, ''));
  if (parsed === undefined) return 'no host can be read in it';
  const texts = more.rest.map(({ text }) => text);
  if (texts.includes(undefined)) return 'the shell in front of ssh puts in values of its own';
  const command = texts.join(' ');
  if (command.trim() === '') return 'nothing runs there';
  const host: SshHost = { ...parsed };
  const dropped = [...options, ...more.options].filter((option) => !setReach(host, option));
  return { host, command, dropped };
}

function setReach(host: SshHost, { name, values }: OptionWords): boolean {
  const value = values[0]?.text;
  if (value === undefined) return false;
  if (name === 'p' && /^[1-9]\d{0,4}$/.test(value)) host.port = Number(value);
  else if (name === 'l' && /^[A-Za-z0-9_.][A-Za-z0-9_.+@-]{0,63}$/.test(value)) host.user = value;
  else if (name === 'i' && remotePathPattern.test(value)) host.identityFile = value;
  else if (name === 'J' && proxyJumpPattern.test(value)) host.proxyJump = value;
  else return false;
  return true;
}
