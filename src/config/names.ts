/**
 * What names, addresses and paths may look like. Hostile text (a leading dash that would become an option, control
 * characters, a path that leaves the workspace) is refused here, before anything is built from it. The patterns are
 * published in the JSON schema and so use no flags. `[ -~\u00a0-\uffff]` is everything but control characters.
 */

/** A host's name in rows, logs and run directories. */
export const hostNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;

/** A name or address given to ssh: a host name, or an IPv6 address without brackets. */
export const addressPattern = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,252}|(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45})$/;

export const userPattern = /^[A-Za-z0-9_.][A-Za-z0-9_.+@-]{0,63}$/;

/** `host`, `user@host`, `host:port`, `user@[ipv6]:port`. */
export const hostTextPattern =
  /^(?:([A-Za-z0-9_.][A-Za-z0-9_.+@-]{0,63})@)?(?:([A-Za-z0-9][A-Za-z0-9._-]{0,252})|\[([0-9A-Fa-f:.]{2,45})\])(?::([1-9][0-9]{0,4}))?$/;

/** One or more hops as OpenSSH's ProxyJump takes them. */
export const proxyJumpPattern = (() => {
  const hop = hostTextPattern.source.slice(1, -1).replaceAll(/\((?!\?)/g, '(?:');
  return new RegExp(`^${hop}(?:,${hop})*$`);
})();

/** Names of the environment; those of Rankwise itself are kept. */
export const environmentNamePattern = /^(?!RANKWISE_)[A-Za-z_][A-Za-z0-9_]*$/;

/** Parameters: variables of the environment where the command is text. */
export const parameterNamePattern = /^(?!RANKWISE_)[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** A launch or cluster: anything a person can read on one line. */
export const entryNamePattern = /^(?!\s)[ -~\u00a0-\uffff]{1,100}$/;

/** Text on one line. */
export const linePattern = /^[ -~\u00a0-\uffff]+$/;

/** A path on a host: absolute, below `~/`, or relative to the home directory. */
export const remotePathPattern = /^(?!~[^/])[ -~\u00a0-\uffff]+$/;

/** A local path below the folder of the file that names it: not absolute, no step up. */
export const insidePathPattern = /^(?![/\\~]|[A-Za-z]:)(?!(?:.*[/\\])?\.\.(?:[/\\]|$))[ -~\u00a0-\uffff]+$/;

/** The parts of `user@host:port`, or undefined when it is none. */
export function parseHostText(text: string): { host: string; user?: string; port?: number } | undefined {
  const match = hostTextPattern.exec(text);
  if (match === null) return undefined;
  const [, user, name, ipv6, port] = match;
  if (Number(port ?? 1) > 65535) return undefined;
  return {
    host: name ?? ipv6 ?? '',
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}
