import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describeError } from '../base/errors';
import type { SshTarget } from '../ssh/target';
import { clusterModel, type ReadHostfile } from './clusterModel';
import { parseHostfile } from './hostfile/hostfile';
import { clusterMisfit } from './clusterMisfit';
import { launchModel } from './launchModel';
import type { BrokenEntry, ClusterModel, ConfigModel, FileProblem, LaunchModel, LauncherName } from './model';
import { parseRankwise, type Entry, type RankwiseDocument } from './parseRankwise';
import type { Range } from './problem';
import type { ClusterSpec } from './schema/clusterSchema';
import { practiceCluster } from './checks/clusterChecks';
import { valueRange, type Path } from './yamlPath';

/** A host of the practice cluster while its process runs. */
export interface PracticeHost {
  name: string;
  target: SshTarget;
  peer: string;
  slots: number;
}

const nowhere: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/**
 * Reads a `rankwise.yaml` and the hostfiles it names. Never throws: a file that cannot be read is a problem too.
 * @param file absolute path
 * @param readText gives a file's text by absolute path, or throws
 * @param practiceHosts undefined while the practice cluster is stopped
 */
export async function readConfig(
  file: string,
  readText: (path: string) => Promise<string>,
  practiceHosts: readonly PracticeHost[] | undefined,
): Promise<ConfigModel> {
  const read = await attempt(readText, file);
  if (read.text === undefined) {
    const message = `This file cannot be read: ${read.reason}. Check that it exists and that you may read it.`;
    const problem: FileProblem = {
      code: 'rankwise.unreadable',
      severity: 'error',
      message,
      range: nowhere,
      file,
    };
    return {
      file,
      clusters: [practiceModel(file, practiceHosts)],
      launches: [],
      problems: [problem],
      broken: [],
    };
  }
  const document = parseRankwise(read.text);
  const hostfiles = await readHostfiles(file, document, readText);
  return new ConfigBuilder(file, document, hostfiles).build(practiceModel(file, practiceHosts));
}

type Attempt = { text: string } | { text: undefined; reason: string };

async function attempt(readText: (path: string) => Promise<string>, path: string): Promise<Attempt> {
  try {
    return { text: await readText(path) };
  } catch (error) {
    return { text: undefined, reason: describeError(error) };
  }
}

/** The hostfiles by the path they are named with. */
type Hostfiles = ReadonlyMap<string, ReadHostfile | { path: string; reason: string }>;

async function readHostfiles(
  file: string,
  { clusters }: RankwiseDocument,
  readText: (path: string) => Promise<string>,
): Promise<Hostfiles> {
  const names = new Set(
    clusters.flatMap(({ spec }) => (typeof spec?.hosts === 'string' ? [spec.hosts] : [])),
  );
  const read = [...names].map(
    async (name): Promise<[string, ReadHostfile | { path: string; reason: string }]> => {
      const path = name.startsWith('~/') ? join(homedir(), name.slice(2)) : resolve(dirname(file), name);
      const result = await attempt(readText, path);
      if (result.text === undefined) return [name, { path, reason: result.reason }];
      return [name, { path, text: result.text, parsed: parseHostfile(result.text) }];
    },
  );
  return new Map(await Promise.all(read));
}

function practiceModel(file: string, hosts: readonly PracticeHost[] | undefined): ClusterModel {
  return {
    name: practiceCluster,
    hosts: (hosts ?? []).map((host) => ({ ...host, gpus: undefined, source: { file, line: 0 } })),
    workdir: undefined,
    setup: [],
    env: {},
    head: undefined,
    slurm: undefined,
    remoteHostfile: undefined,
    practice: true,
    range: nowhere,
  };
}

class ConfigBuilder {
  private readonly problems: FileProblem[] = [];
  private readonly broken: BrokenEntry[] = [];
  private readonly clusters = new Map<string, ClusterModel>();

  constructor(
    private readonly file: string,
    private readonly document: RankwiseDocument,
    private readonly hostfiles: Hostfiles,
  ) {
    this.problems.push(...document.problems.map((problem) => ({ ...problem, file })));
  }

  build(practice: ClusterModel): ConfigModel {
    for (const entry of this.document.clusters) this.cluster(entry);
    this.clusters.set(practice.name, practice);
    const launches = this.document.launches.flatMap((entry) => this.launch(entry) ?? []);
    this.hostfileProblems();
    const byPlace = (a: { range: Range }, b: { range: Range }): number =>
      a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character;
    const own = this.problems.filter(({ file }) => file === this.file).sort(byPlace);
    return {
      file: this.file,
      clusters: [...this.clusters.values()],
      launches,
      problems: [...own, ...this.problems.filter(({ file }) => file !== this.file)],
      broken: this.broken.sort(byPlace),
    };
  }

  private cluster(entry: Entry<ClusterSpec>): void {
    const { name, range, spec } = entry;
    const hostfile = typeof spec?.hosts === 'string' ? this.hostfiles.get(spec.hosts) : undefined;
    if (hostfile !== undefined && 'reason' in hostfile) {
      const message = `The hostfile ${hostfile.path} cannot be read: ${hostfile.reason}. Correct the path (it is relative to this file), or write a list of hosts.`;
      this.add('rankwise.hostfileUnreadable', message, [...entry.path, 'hosts']);
    } else if (spec !== undefined) {
      const { cluster, problems } = clusterModel(this.file, { ...entry, spec }, hostfile);
      this.problems.push(...problems.map((problem) => ({ ...problem, file: this.file })));
      if (problems.length === 0) {
        this.clusters.set(name, cluster);
        return;
      }
    }
    this.broken.push({ kind: 'cluster', name, range });
  }

  private launch(entry: RankwiseDocument['launches'][number]): LaunchModel | undefined {
    const { spec, name, range } = entry;
    const launch = spec && launchModel(this.file, { ...entry, spec });
    const cluster = launch && this.clusters.get(launch.cluster);
    if (launch !== undefined) {
      if (cluster === undefined) {
        const message = `The cluster \`${launch.cluster}\` has an error. Correct it first.`;
        this.add('rankwise.brokenCluster', message, [...entry.path, 'cluster']);
      } else {
        const misfit = clusterMisfit(launch, cluster, this.hostfileOf(launch.cluster)?.parsed);
        if (misfit === undefined) return launch;
        this.add(misfit.code, misfit.message, [...entry.path, ...misfit.path]);
      }
    }
    this.broken.push({ kind: 'launch', name, range });
    return undefined;
  }

  private hostfileOf(cluster: string): ReadHostfile | undefined {
    const hosts = this.document.clusters.find(({ name }) => name === cluster)?.spec?.hosts;
    const hostfile = typeof hosts === 'string' ? this.hostfiles.get(hosts) : undefined;
    return hostfile !== undefined && 'parsed' in hostfile ? hostfile : undefined;
  }

  /** Each hostfile is judged for the launchers that use it; one that no launch uses, for the lenient one. */
  private hostfileProblems(): void {
    const launchersOf = new Map<string, Set<LauncherName>>();
    for (const { spec } of this.document.launches) {
      const path = spec === undefined ? undefined : this.hostfileOf(spec.cluster)?.path;
      if (spec !== undefined && path !== undefined) {
        launchersOf.set(path, (launchersOf.get(path) ?? new Set()).add(spec.launcher));
      }
    }
    const found = new Map<string, FileProblem>();
    for (const hostfile of this.hostfiles.values()) {
      if (!('parsed' in hostfile)) continue;
      for (const launcher of launchersOf.get(hostfile.path) ?? (['ssh'] as const)) {
        for (const problem of hostfile.parsed.problems(launcher)) {
          const fileProblem = { ...problem, file: hostfile.path };
          found.set(JSON.stringify(fileProblem), fileProblem);
        }
      }
    }
    this.problems.push(...found.values());
  }

  private add(code: string, message: string, path: Path): void {
    const range = this.document.root === undefined ? nowhere : valueRange(this.document.root, path);
    this.problems.push({ code, severity: 'error', message, range, file: this.file });
  }
}
