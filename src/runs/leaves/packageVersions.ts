import { randomBytes } from 'node:crypto';
import { describeError } from '../../base/errors';
import type { ClusterModel, LaunchModel } from '../../config/model';
import type { Facts } from '../../launch/facts';
import { interpreter, renderJob } from '../../launch/jobScript';
import type { PlanHost } from '../../launch/plan';
import { pythonOf } from '../../launch/pythonOf';
import type { SshPool } from '../../ssh/connection';
import { quoteAll } from '../../ssh/quote';
import { scriptError } from '../../ssh/runScript';

/** What one file system has: versions by package (null: not installed), or why that is not known. */
export interface PackageVersions {
  /** Hosts that share the file system. */
  hosts: string[];
  versions: Record<string, string | null>;
  reason?: string;
}

/** importlib.metadata came with Python 3.8; before, setuptools knew. */
const program = `import sys
try:
    from importlib.metadata import version
except ImportError:
    from pkg_resources import get_distribution
    def version(name): return get_distribution(name).version
print(sys.argv[1] + " Python " + sys.version.split()[0])
for name in sys.argv[2:]:
    try: print(sys.argv[1] + " " + name + " " + version(name))
    except Exception: print(sys.argv[1] + " " + name + " -")
`;

/** Asks once per file system, by the Python of the command after the setup lines. Never throws: what is not known is said. */
export function packageVersions(
  ssh: SshPool,
  launch: LaunchModel,
  cluster: ClusterModel,
  hosts: readonly PlanHost[],
  facts: Facts,
  signal: AbortSignal,
): Promise<PackageVersions[]> {
  if (launch.packages.length === 0) return Promise.resolve([]);
  const systems = new Map<string, PlanHost[]>();
  for (const host of hosts) {
    const system = facts[host.name]?.fileSystem ?? host.name;
    systems.set(system, [...(systems.get(system) ?? []), host]);
  }
  return Promise.all(
    [...systems.values()].map(async (sharing): Promise<PackageVersions> => {
      const names = sharing.map(({ name }) => name);
      const [host] = sharing;
      if (host === undefined) return { hosts: names, versions: {} };
      try {
        const tag = `@${randomBytes(8).toString('hex')}`;
        const hasBash = facts[host.name]?.hasBash ?? true;
        const script = renderJob({
          title: 'Asks for the versions of packages.',
          env: { ...cluster.env, ...launch.env },
          workdir: cluster.workdir ?? '~',
          setup: cluster.setup,
          command: [pythonOf(launch.command), '-c', program, tag, ...launch.packages],
          hasBash,
        });
        const connection = await ssh.connect(host.target, signal);
        const result = await connection.exec(`${quoteAll(interpreter(hasBash))} -s`, {
          stdin: script,
          signal,
        });
        if (result.code !== 0) throw scriptError(host.name, 'Asking for the versions of packages', result);
        return { hosts: names, versions: parseVersions(result.stdout.toString('utf8'), tag) };
      } catch (error) {
        return { hosts: names, versions: {}, reason: describeError(error) };
      }
    }),
  );
}

/** Also says the version of Python itself. */
export function parseVersions(text: string, tag: string): Record<string, string | null> {
  const found = text.split('\n').flatMap((line) => {
    const [mark, name, version] = line.trimEnd().split(' ');
    if (mark !== tag || name === undefined || version === undefined) return [];
    return [[name, version === '-' ? null : version] as const];
  });
  return Object.fromEntries(found);
}
