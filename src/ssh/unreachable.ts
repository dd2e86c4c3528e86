import { RankwiseError } from '../base/errors';
import type { ResolvedHost } from './resolved';

/** How a host is approached, for messages: `10.0.0.1 port 22 through bastion`. */
export function describeRoute(host: ResolvedHost): string {
  const address = `${host.hostname} port ${host.port}`;
  if (host.jump !== undefined) return `${address} through ${host.jump.host}`;
  return host.proxyCommand === undefined ? address : `${address} by its ProxyCommand`;
}

/**
 * Explains why no connection came about.
 * @param said what a ProxyCommand printed on standard error
 */
export function explainUnreachable(host: ResolvedHost, error: Error, said = ''): RankwiseError {
  const route = describeRoute(host);
  const detail = said === '' ? '' : `: ${said.split(/\r?\n/).slice(-3).join('; ')}`;
  const make = (code: string, message: string, nextStep: string): RankwiseError =>
    new RankwiseError(code, message + detail, { host: host.name, nextStep, cause: error });
  const code = (error as NodeJS.ErrnoException).code;
  const text = error.message;
  if (code === 'ECONNREFUSED' || /connection refused/i.test(text)) {
    return make(
      'ssh.refused',
      `${host.name} refused the connection (${route})`,
      'Check that an SSH server listens there and that the port is right.',
    );
  }
  if (
    code === 'ENOTFOUND' ||
    code === 'EAI_AGAIN' ||
    /name or service not known|could not resolve/i.test(text)
  ) {
    return make(
      'ssh.unresolved',
      `the name ${host.hostname} is not known (${route})`,
      'Correct the name, or add the host to the OpenSSH configuration with its HostName.',
    );
  }
  if (/administratively prohibited|port forwarding is disabled/i.test(text)) {
    return make(
      'ssh.refused',
      `${host.jump?.host ?? host.name} does not forward connections to ${host.name} (${route})`,
      'Ask its administrator to allow TCP forwarding, or use another jump host.',
    );
  }
  if (isDroppedEarly(error)) {
    return make(
      'ssh.refused',
      `${host.name} closed the connection before saying who it is (${route})`,
      'It may be overloaded or blocking this machine: wait a minute, then look at its SSH server.',
    );
  }
  if (/handshake|no matching|KEY_EXCHANGE|key exchange/i.test(text)) {
    return make(
      'ssh.unreachable',
      `${host.name} and Rankwise have no way of encrypting in common or broke off while agreeing on it (${route}): ${text}`,
      'Compare with `ssh -v`; servers older than OpenSSH 7 are not supported.',
    );
  }
  const reason = code === 'ETIMEDOUT' ? 'no answer' : text || code || 'the connection ended';
  return make(
    'ssh.unreachable',
    `${host.name} cannot be reached (${route}): ${reason}`,
    'Check the network, a VPN, and that the host is up.',
  );
}

/** A server with too many logins under way (MaxStartups) drops new ones like this: worth another try. */
export function isDroppedEarly(error: Error): boolean {
  return (
    error.message === 'Connection lost before handshake' ||
    (error as NodeJS.ErrnoException).code === 'ECONNRESET'
  );
}
