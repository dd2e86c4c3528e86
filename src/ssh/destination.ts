import { RankwiseError } from '../base/errors';

/** A place to connect to as written on an ssh command line. */
export interface Destination {
  host: string;
  user?: string;
  port?: number;
}

/**
 * Refuses names that OpenSSH refuses (`valid_hostname` in its ssh.c), because a name ends up in an argument array
 * and, through `%h`, in the shell command of the user's own ProxyCommand or `Match exec`.
 * @throws RankwiseError `ssh.unresolved`
 */
export function checkHostName(host: string): void {
  if (host === '' || host.startsWith('-') || /['`"$\\;&<>|(){}\s\p{Cc}]/u.test(host)) {
    throw new RankwiseError('ssh.unresolved', `${JSON.stringify(host)} cannot be the name of a host`, {
      host,
      nextStep:
        'Write a name or an address as `ssh` takes it, without spaces, quotes or shell characters, and not starting with "-".',
    });
  }
}

/**
 * Refuses login names that could become an option or shell text (`valid_ruser` in OpenSSH's ssh.c, and `$` as well).
 * @throws RankwiseError `ssh.unresolved`
 */
export function checkUserName(user: string, host: string): void {
  if (user === '' || user.startsWith('-') || user.endsWith('\\') || /['`"$;&<>|(){}\s\p{Cc}]/u.test(user)) {
    throw new RankwiseError('ssh.unresolved', `${JSON.stringify(user)} cannot be a login name on ${host}`, {
      host,
      nextStep: 'Correct the user of this host.',
    });
  }
}

/** Takes `host`, `user@host`, `[address]`, `ssh://user@host:port` and, where `withPort`, `user@host:port`. */
function parseOne(text: string, withPort: boolean): Destination {
  const uri = /^ssh:\/\//i.test(text);
  const rest = uri ? text.slice('ssh://'.length).replace(/\/$/, '') : text;
  const at = rest.lastIndexOf('@');
  const user = at >= 0 ? rest.slice(0, at) : undefined;
  const place = rest.slice(at + 1);
  const match =
    /^\[([^\]]*)\](?::(\d+))?$/.exec(place) ?? (withPort || uri ? /^([^:]*):(\d+)$/.exec(place) : null);
  const host = match?.[1] ?? place;
  checkHostName(host);
  if (user !== undefined) checkUserName(user, host);
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  if (port !== undefined && (port < 1 || port > 65535)) {
    throw new RankwiseError('ssh.unresolved', `${text} names port ${port}, which does not exist`, { host });
  }
  return { host, ...(user !== undefined && { user }), ...(port !== undefined && { port }) };
}

/**
 * Reads the destination of an ssh command line: `host`, `user@host` or `ssh://user@host:port`.
 * @throws RankwiseError `ssh.unresolved` where it cannot be one.
 */
export function parseDestination(text: string): Destination {
  return parseOne(text, false);
}

/**
 * Reads a ProxyJump value, first hop first: destinations separated by commas, each with an optional `:port`.
 * `none` and an empty text are no hops.
 * @throws RankwiseError `ssh.unresolved` where a hop cannot be one.
 */
export function parseJumps(text: string): Destination[] {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.toLowerCase() === 'none') return [];
  return trimmed.split(',').map((hop) => parseOne(hop.trim(), true));
}

/** Writes hops back as ProxyJump takes them. */
export function formatJumps(hops: readonly Destination[]): string {
  return hops
    .map(({ host, user, port }) => {
      const name = port !== undefined && host.includes(':') ? `[${host}]` : host;
      return `${user === undefined ? '' : `${user}@`}${name}${port === undefined ? '' : `:${port}`}`;
    })
    .join(',');
}
