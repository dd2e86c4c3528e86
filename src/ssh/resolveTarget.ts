import { join } from 'node:path';
import { RankwiseError } from '../base/errors';
import { checkHostName, checkUserName, formatJumps, parseDestination, parseJumps } from './destination';
import type { Destination } from './destination';
import type { SshEnvironment } from './environment';
import { readSettings, splitFiles } from './openSshConfig';
import type { OpenSshSettings } from './openSshConfig';
import type { LoginMethod, ResolvedHost, UnknownKeyRule } from './resolved';
import type { SshTarget } from './target';
import { expandPath, expandTokens } from './tokens';
import type { TokenValues } from './tokens';

export interface ResolveOptions {
  /** OpenSSH configuration file instead of the user's and the system's. */
  configFile: string | undefined;
  environment: SshEnvironment;
  signal?: AbortSignal | undefined;
}

const defaultKeepalive = { intervalMs: 30_000, countMax: 3 };
const defaultConnectTimeoutMs = 15_000;

/**
 * Works OpenSSH's configuration (by `ssh -G`, so with Include, Match and canonical names) into a target. What the
 * target says itself wins. An isolated target is taken as it stands and no program is run.
 * @throws RankwiseError `ssh.unresolved`; Cancelled.
 */
export async function resolveTarget(target: SshTarget, options: ResolveOptions): Promise<ResolvedHost> {
  const written = parseDestination(target.host);
  const user = target.user ?? written.user;
  const port = target.port ?? written.port;
  if (user !== undefined) checkUserName(user, written.host);
  if (target.isolated !== undefined) {
    return resolveIsolated(
      target,
      target.isolated.knownHostsFile,
      written.host,
      user,
      port,
      options.environment,
    );
  }
  const query = { host: written.host, user, port, configFile: options.configFile };
  const settings =
    (await readSettings(query, options.environment, options.signal)) ?? new Map<string, string[]>();
  return fromSettings(
    target,
    { host: written.host, ...(user && { user }), ...(port && { port }) },
    settings,
    options,
  );
}

function fromSettings(
  target: SshTarget,
  written: Destination,
  settings: OpenSshSettings,
  { environment }: ResolveOptions,
): ResolvedHost {
  const one = (key: string): string | undefined => {
    const value = settings.get(key)?.[0];
    return value === undefined || value === 'none' ? undefined : value;
  };
  const hostname = one('hostname') ?? written.host;
  const user = written.user ?? one('user') ?? environment.user;
  checkHostName(hostname);
  checkUserName(user, written.host);
  const port = written.port ?? Number(one('port') ?? 22);
  const alias = one('hostkeyalias');
  const tokens: TokenValues = { hostname, original: written.host, port, user, hostKeyAlias: alias };
  const path = (text: string): string => expandPath(expandTokens(text, tokens, environment), environment);
  const files = (key: string, defaults: string[]): string[] => {
    const values = settings.get(key);
    return (values === undefined ? defaults : values.flatMap(splitFiles)).map(path);
  };
  const ownJump = target.via === undefined ? target.proxyJump : '';
  const hops = parseJumps(ownJump ?? one('proxyjump') ?? '');
  const command = ownJump === undefined && hops.length === 0 ? one('proxycommand') : undefined;
  if (command !== undefined && one('proxyusefdpass') === 'yes') {
    throw new RankwiseError(
      'ssh.unresolved',
      `${written.host} is set to ProxyUseFdpass, which is not supported`,
      {
        host: written.host,
        nextStep: 'Use a ProxyCommand that passes data, or ProxyJump.',
      },
    );
  }
  const interval = Number(one('serveraliveinterval') ?? 0);
  const countMax = Number(one('serveralivecountmax') ?? 0);
  const timeout = Number(one('connecttimeout') ?? 0);
  return {
    name: written.host,
    hostname,
    port,
    user,
    ownIdentity: target.identityFile === undefined ? undefined : expandPath(target.identityFile, environment),
    identityFiles: (settings.get('identityfile') ?? defaultIdentities)
      .filter((file) => file !== 'none')
      .map(path),
    agent: agentSocket(settings.get('identityagent')?.[0], path, environment),
    identitiesOnly: one('identitiesonly') === 'yes',
    ...loginMethods(one),
    jump: lastJump(hops, target),
    proxyCommand: command === undefined ? undefined : expandTokens(command, tokens, environment),
    ...knownNames(hostname, port, alias),
    userKnownHostsFiles: files('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
    globalKnownHostsFiles: files('globalknownhostsfile', systemKnownHosts(environment)),
    revokedHostKeys: one('revokedhostkeys') === undefined ? undefined : path(one('revokedhostkeys') ?? ''),
    unknownKey: unknownKeyRule(one('stricthostkeychecking')),
    hashKnownHosts: one('hashknownhosts') === 'yes',
    hostKeyAlgorithms: one('hostkeyalgorithms')?.split(','),
    keepalive: {
      intervalMs: interval > 0 ? interval * 1000 : defaultKeepalive.intervalMs,
      countMax: interval > 0 && countMax > 0 ? countMax : defaultKeepalive.countMax,
    },
    connectTimeoutMs: timeout > 0 ? timeout * 1000 : defaultConnectTimeoutMs,
  };
}

/** A host of Rankwise's own making: one key, one known_hosts file that already holds its key, nothing of the user's. */
function resolveIsolated(
  target: SshTarget,
  knownHostsFile: string,
  host: string,
  user: string | undefined,
  ownPort: number | undefined,
  environment: SshEnvironment,
): ResolvedHost {
  const port = ownPort ?? 22;
  return {
    name: host,
    hostname: host,
    port,
    user: user ?? environment.user,
    ownIdentity: target.identityFile === undefined ? undefined : expandPath(target.identityFile, environment),
    identityFiles: [],
    agent: undefined,
    identitiesOnly: true,
    methods: ['publickey'],
    prompts: 0,
    jump: lastJump(parseJumps(target.via === undefined ? (target.proxyJump ?? '') : ''), target),
    proxyCommand: undefined,
    ...knownNames(host, port, undefined),
    userKnownHostsFiles: [knownHostsFile],
    globalKnownHostsFiles: [],
    revokedHostKeys: undefined,
    unknownKey: 'refuse',
    hashKnownHosts: false,
    hostKeyAlgorithms: undefined,
    keepalive: defaultKeepalive,
    connectTimeoutMs: defaultConnectTimeoutMs,
  };
}

/**
 * The target's own `via` (this machine is no jump), or as `ssh -J` does it: the last hop is reached through those
 * before it; a single hop by its own configuration.
 */
function lastJump(hops: readonly Destination[], target: SshTarget): SshTarget | undefined {
  if (target.via !== undefined) return target.via.local === true ? undefined : target.via;
  const last = hops.at(-1);
  if (last === undefined) return undefined;
  const before = hops.slice(0, -1);
  return {
    ...last,
    ...(before.length > 0 && { proxyJump: formatJumps(before) }),
    ...(target.isolated !== undefined && { isolated: target.isolated }),
    ...(target.isolated !== undefined &&
      target.identityFile !== undefined && { identityFile: target.identityFile }),
  };
}

/** Names in known_hosts, as OpenSSH makes them: lower case, the port in brackets where it is not 22, an alias as it is. */
function knownNames(
  hostname: string,
  port: number,
  alias: string | undefined,
): Pick<ResolvedHost, 'knownAs' | 'knownWithoutPort'> {
  if (alias !== undefined) return { knownAs: alias, knownWithoutPort: undefined };
  const plain = hostname.toLowerCase();
  if (port === 22) return { knownAs: plain, knownWithoutPort: undefined };
  return { knownAs: `[${plain}]:${port}`, knownWithoutPort: plain };
}

function unknownKeyRule(value: string | undefined): UnknownKeyRule {
  if (value === 'yes' || value === 'true') return 'refuse';
  return value === 'no' || value === 'false' || value === 'off' || value === 'accept-new' ? 'add' : 'ask';
}

/** OpenSSH's own order of what is supported here (`authmethods` in its sshconnect2.c). */
const defaultMethods: readonly LoginMethod[] = ['publickey', 'keyboard-interactive', 'password'];

function loginMethods(one: (key: string) => string | undefined): Pick<ResolvedHost, 'methods' | 'prompts'> {
  const preferred = one('preferredauthentications')?.split(',') ?? defaultMethods;
  const batch = one('batchmode') === 'yes';
  const allowed: Record<LoginMethod, boolean> = {
    publickey: one('pubkeyauthentication') !== 'no' && one('pubkeyauthentication') !== 'false',
    'keyboard-interactive': one('kbdinteractiveauthentication') !== 'no' && !batch,
    password: one('passwordauthentication') !== 'no' && !batch,
  };
  return {
    methods: preferred.flatMap((name) => defaultMethods.filter((one) => one === name && allowed[one])),
    prompts: batch ? 0 : Number(one('numberofpasswordprompts') ?? 3),
  };
}

const defaultIdentities = ['~/.ssh/id_rsa', '~/.ssh/id_ecdsa', '~/.ssh/id_ed25519'];

function systemKnownHosts(environment: SshEnvironment): string[] {
  const directory =
    environment.platform === 'win32'
      ? join(environment.env['ProgramData'] ?? 'C:\\ProgramData', 'ssh')
      : '/etc/ssh';
  return ['ssh_known_hosts', 'ssh_known_hosts2'].map((file) => join(directory, file));
}

/** IdentityAgent: `none`, `SSH_AUTH_SOCK`, `$NAME` or a path; without it SSH_AUTH_SOCK, and on Windows OpenSSH's pipe. */
function agentSocket(
  value: string | undefined,
  path: (text: string) => string,
  environment: SshEnvironment,
): string | undefined {
  if (value === 'none') return undefined;
  if (value === undefined || value === 'SSH_AUTH_SOCK') {
    const fromEnvironment = environment.env['SSH_AUTH_SOCK'];
    if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
    return environment.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined;
  }
  if (value.startsWith('$') && !value.startsWith('${')) return environment.env[value.slice(1)];
  return path(value);
}
