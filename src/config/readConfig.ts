import type { SshTarget } from '../ssh/target';
import { clusterModel } from './clusterModel';
import { parseHostfile } from './hostfile/hostfile';
import { clusterMisfit, type Misfit } from './clusterMisfit';
import { launchModel } from './launchModel';
import { checkFile } from './checkFile';
import type { BrokenEntry, ClusterModel, ConfigModel, FileProblem, LaunchModel } from './model';
import { namedFiles, namedPath, namesIn, type ReadFile, readNamed, shownPath } from './namedFiles';
import { parseRankwise, type Entry, type RankwiseDocument } from './parseRankwise';
import type { Range, Severity } from './problem';
import type { ClusterSpec } from './schema/clusterSchema';
import { practiceCluster } from './checks/clusterChecks';
import { idleGpus } from './checks/idleGpus';
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
 * Reads a `rankwise.yaml` and the hostfiles, training configurations and sbatch scripts it names, and checks them all.
 * Never throws: a file that cannot be read is a problem too.
 * @param file absolute path
 * @param readText gives a file's text by absolute path, or throws
 * @param practiceHosts undefined while the practice cluster is stopped
 */
export async function readConfig(
  file: string,
  readText: (path: string) => Promise<string>,
  practiceHosts: readonly PracticeHost[] | undefined,
): Promise<ConfigModel> {
  const read = await readNamed(file, readText);
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
  const paths = new Map([...namesIn(document)].map((name) => [name, namedPath(file, name)]));
  // One file may have many spellings, such as `hosts` and `./hosts`.
  const byPath = new Map(
    await Promise.all(
      [...new Set(paths.values())].map(async (path): Promise<[string, ReadFile]> => {
        return [path, await readNamed(path, readText)];
      }),
    ),
  );
  const files = new Map<string, ReadFile>();
  for (const [name, path] of paths) {
    const found = byPath.get(path);
    if (found !== undefined) files.set(name, found);
  }
  return new ConfigBuilder(file, document, files).build(practiceModel(file, practiceHosts));
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
  private readonly firstErrors = new Map<string, FileProblem | undefined>();

  /** @param files by the names they have in the document */
  constructor(
    private readonly file: string,
    private readonly document: RankwiseDocument,
    private readonly files: ReadonlyMap<string, ReadFile>,
  ) {
    this.problems.push(...document.problems.map((problem) => ({ ...problem, file })));
  }

  build(practice: ClusterModel): ConfigModel {
    for (const entry of this.document.clusters) this.cluster(entry);
    this.clusters.set(practice.name, practice);
    const launches = this.document.launches.flatMap((entry) => this.launch(entry) ?? []);
    const byPlace = (a: { range: Range }, b: { range: Range }): number =>
      a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character;
    const model: ConfigModel = {
      file: this.file,
      clusters: [...this.clusters.values()],
      launches,
      problems: this.problems.sort(byPlace),
      broken: this.broken.sort(byPlace),
      files: namedFiles(this.file, this.document, this.clusters, this.files),
    };
    return { ...model, problems: [...model.problems, ...this.fileProblems(model)] };
  }

  private cluster(entry: Entry<ClusterSpec>): void {
    const { name, range, spec } = entry;
    const read = typeof spec?.hosts === 'string' ? this.files.get(spec.hosts) : undefined;
    if (read !== undefined && read.text === undefined) {
      const message = `The hostfile ${read.path} cannot be read: ${read.reason}. Correct the path (it is relative to this file), or write a list of hosts.`;
      this.add('rankwise.hostfileUnreadable', message, [...entry.path, 'hosts']);
    } else if (spec !== undefined) {
      const hostfile = read && { ...read, parsed: parseHostfile(read.text) };
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
        this.unreadable(entry, launch);
        const misfit = clusterMisfit(launch, cluster) ?? this.fileMisfit(launch);
        if (misfit === undefined) {
          const idle = idleGpus(launch, cluster);
          if (idle !== undefined) this.add('rankwise.idleGpus', idle, [...entry.path, 'gpus'], 'warning');
          return launch;
        }
        this.add(misfit.code, misfit.message, [...entry.path, ...misfit.path]);
      }
    }
    this.broken.push({ kind: 'launch', name, range });
    return undefined;
  }

  /** A file of the launch that is not there yet may still be made before the start. */
  private unreadable({ path }: RankwiseDocument['launches'][number], launch: LaunchModel): void {
    for (const { kind, place, read } of this.filesOf(launch)) {
      if (read.text !== undefined) continue;
      const what = kind === 'training' ? 'training configuration' : 'sbatch script';
      const message = `The ${what} ${read.path} cannot be read: ${read.reason}. Correct the path; it is relative to this file.`;
      this.add(`rankwise.${place.at(-1)}Unreadable`, message, [...path, ...place], 'warning');
    }
  }

  /** An error in a file that the launch cannot run with. */
  private fileMisfit(launch: LaunchModel): Misfit | undefined {
    for (const { kind, place, read } of this.filesOf(launch)) {
      if (read.text === undefined) continue;
      const first = this.firstError(kind, read.path, read.text);
      if (first === undefined) continue;
      const message = `${shownPath(this.file, read.path)}, line ${first.range.start.line + 1}: ${first.message}`;
      return { code: `rankwise.${place.at(-1)}Errors`, path: place, message };
    }
    return undefined;
  }

  /** Asked once for a file: many launches may name it. */
  private firstError(kind: 'training' | 'sbatch', path: string, text: string): FileProblem | undefined {
    const key = `${kind} ${path}`;
    if (!this.firstErrors.has(key)) {
      const errors = checkFile(kind, path, text).filter(({ severity }) => severity === 'error');
      this.firstErrors.set(key, errors[0]);
    }
    return this.firstErrors.get(key);
  }

  private filesOf({ config, slurm }: LaunchModel) {
    const named = [
      { kind: 'training', name: config, place: ['config'] },
      { kind: 'sbatch', name: slurm.script, place: ['slurm', 'script'] },
    ] as const;
    return named.flatMap(({ kind, name, place }) => {
      const read = name === undefined ? undefined : this.files.get(name);
      return read === undefined ? [] : [{ kind, place, read }];
    });
  }

  /** Each file is judged for the launches that use it, once. */
  private fileProblems(model: ConfigModel): FileProblem[] {
    return (model.files ?? []).flatMap(({ kind, path, text }) =>
      text === undefined ? [] : checkFile(kind, path, text, model),
    );
  }

  private add(code: string, message: string, path: Path, severity: Severity = 'error'): void {
    const range = this.document.root === undefined ? nowhere : valueRange(this.document.root, path);
    this.problems.push({ code, severity, message, range, file: this.file });
  }
}
