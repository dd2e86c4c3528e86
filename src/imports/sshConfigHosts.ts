import { posix } from 'node:path';
import { hostNamePattern } from '../config/names';

/** What is read of the file system. Paths are absolute, with `/`. */
export interface SshConfigFiles {
  /** The home directory, for `~/` and for relative paths of Include. */
  home: string;
  /** The text of a file; undefined where it cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** Names in a directory; none where it cannot be read. */
  list(directory: string): Promise<readonly string[]>;
}

export interface SshConfigHost {
  /** As `ssh NAME` has it. */
  name: string;
  file: string;
  /** From 0. */
  line: number;
}

/** OpenSSH follows no more Includes in each other. */
const deepest = 16;

/** Directories that are listed for patterns in all; nobody's configuration is spread over as many. */
const mostListings = 200;

/**
 * Hosts that an OpenSSH configuration names: the words of `Host` lines without wildcards, in order, and those of the
 * files it includes, as ssh_config(5) reads them. What a name means is for OpenSSH to say (`ssh -G`).
 * @param file absolute path; a file that cannot be read has no hosts
 */
export async function sshConfigHosts(file: string, files: SshConfigFiles): Promise<SshConfigHost[]> {
  const hosts = new Map<string, SshConfigHost>();
  const seen = new Set<string>();
  let listings = 0;
  const limited: SshConfigFiles = {
    ...files,
    list: async (directory) => (++listings > mostListings ? [] : files.list(directory)),
  };
  const read = async (path: string, depth: number): Promise<void> => {
    if (depth > deepest || seen.has(path)) return;
    seen.add(path);
    const text = await files.read(path);
    if (text === undefined) return;
    for (const [line, content] of text.split(/\r\n|\n|\r/).entries()) {
      const [keyword, ...values] = configWords(content);
      if (keyword?.toLowerCase() === 'host') {
        for (const name of values) {
          // `!name` and wildcards are patterns; a name that could be an option is nobody's host.
          if (hostNamePattern.test(name) && !hosts.has(name)) hosts.set(name, { name, file: path, line });
        }
      } else if (keyword?.toLowerCase() === 'include') {
        for (const pattern of values) {
          for (const included of await matching(pattern, limited)) await read(included, depth + 1);
        }
      }
    }
  };
  await read(file, 0);
  return [...hosts.values()];
}

/** `Keyword value "value with blanks"`, `Keyword=value`; nothing for a comment. */
function configWords(line: string): string[] {
  const words = [...line.matchAll(/"([^"]*)"|[^\s"]+/g)].map(([word, quoted]) => quoted ?? word);
  const [first = '', ...rest] = words;
  if (first.startsWith('#')) return [];
  const comment = rest.findIndex((word) => word.startsWith('#'));
  const values = comment < 0 ? rest : rest.slice(0, comment);
  const at = first.indexOf('=');
  if (at > 0) return [first.slice(0, at), ...(at + 1 < first.length ? [first.slice(at + 1)] : []), ...values];
  return [first, ...(values[0] === '=' ? values.slice(1) : values)];
}

/** Files of an Include: relative to `~/.ssh`, with `*` and `?` in any part. */
async function matching(pattern: string, files: SshConfigFiles): Promise<string[]> {
  const path = pattern.startsWith('~/')
    ? posix.join(files.home, pattern.slice(2))
    : posix.resolve(files.home, '.ssh', pattern);
  let found = ['/'];
  for (const part of path.split('/').filter((one) => one !== '')) {
    const next: string[] = [];
    for (const directory of found) {
      const names = /[*?]/.test(part)
        ? (await files.list(directory)).filter((name) => fits(part, name))
        : [part];
      for (const name of [...names].sort()) next.push(posix.join(directory, name));
    }
    found = next;
  }
  return found;
}

/** Whether a name fits a pattern, as the shell has it: a dot in front only by a dot. */
function fits(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let [p, n, star, from] = [0, 0, -1, 0];
  while (n < name.length) {
    if (p < pattern.length && (pattern[p] === '?' || (pattern[p] === name[n] && pattern[p] !== '*'))) {
      p++;
      n++;
    } else if (pattern[p] === '*') {
      star = p++;
      from = n;
    } else if (star >= 0) {
      p = star + 1;
      n = ++from;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(p));
}

/** A hostfile of chosen hosts. @param slots of each; undefined: a line has the name alone */
export function hostfileOf(hosts: readonly { name: string; slots?: number }[]): string {
  return hosts.map(({ name, slots }) => `${name}${slots === undefined ? '' : ` slots=${slots}`}\n`).join('');
}
