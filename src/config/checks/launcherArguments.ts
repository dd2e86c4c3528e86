import { argumentLists } from '../argumentLists';
import { launcherOptions, optionOwners, type OptionOwner } from '../launcherOptions';
import { slurmKeys } from '../slurmKeys';
import { editDistance } from '../suggest';
import type { Path } from '../yamlPath';
import type { Report } from './report';

/** Options that a key of the launch says as well. Names without dashes, `_` for `-`. */
const keysOf: Readonly<Record<OptionOwner | 'slurm', Readonly<Record<string, string>>>> = {
  mpirun: { np: 'np', n: 'np', c: 'np', bind_to: 'mpirun.bindTo', map_by: 'mpirun.mapBy' },
  horovodrun: {
    np: 'np',
    num_proc: 'np',
    gloo: 'horovodrun.controller',
    mpi: 'horovodrun.controller',
    network_interface: 'horovodrun.interface',
    network_interfaces: 'horovodrun.interface',
  },
  torchrun: { nnodes: 'nodes', max_restarts: 'torchrun.maxRestarts', rdzv_backend: 'torchrun.rendezvous' },
  deepspeed: { num_nodes: 'nodes', num_gpus: 'gpus' },
  accelerate: { num_processes: 'np', num_machines: 'nodes' },
  mxnet: {
    n: 'np',
    num_workers: 'np',
    s: 'mxnet.servers',
    num_servers: 'mxnet.servers',
    launcher: 'mxnet.tracker',
    sync_dst_dir: 'mxnet.syncDstDir',
  },
  ray: { num_cpus: 'ray.numCpus', num_gpus: 'ray.numGpus' },
  slurm: {
    ...Object.fromEntries(Object.entries(slurmKeys).map(([long, key]) => [plainName(long), key])),
    nodes: 'nodes',
    ntasks: 'np',
  },
};

/** Options that may be given several times, or whose value begins with a dash. */
const repeated = new Set(['x', 'mca', 'gmca', 'env', 'env_server', 'env_worker', 'files', 'archives', 'v']);
const valueFollows = new Set(['x', 'mpi_args', 'launcher_args', 'launch_agent', 'hook']);

/** Options in `args:` that the launcher does not have, or that are said twice. */
export function checkArguments(report: Report, launch: Path): void {
  const launcher = report.scalar([...launch, 'launcher']);
  const owner = optionOwners.find((name) => name === launcher);
  for (const list of argumentLists) {
    if (owner !== undefined && list[0] === owner) checkList(report, launch, [...launch, ...list], owner);
  }
  if (launcher === 'slurm') checkTwice(report, launch, [...launch, 'slurm', 'args'], 'slurm');
  checkMca(report, launch);
}

function checkList(report: Report, launch: Path, path: Path, owner: OptionOwner): void {
  for (const { option, index } of optionsIn(report.items(path))) {
    const problem = optionProblem(owner, option);
    if (problem !== undefined) report.add('launcherOption', problem, [...path, index], 'value', 'warning');
  }
  checkTwice(report, launch, path, owner);
}

/** The words of a list that are options, without what follows `=`. What a parameter makes is unknown. */
function* optionsIn(items: readonly string[]): Generator<{ option: string; index: number }> {
  for (const [index, item] of items.entries()) {
    if (item === '--') return;
    const option = item.replace(/=.*$/s, '');
    if (!/^--?[A-Za-z][\w-]*$/.test(option) || item.includes('${')) continue;
    if (!valueFollows.has(plainName(items[index - 1] ?? ''))) yield { option, index };
  }
}

function plainName(option: string): string {
  return option.replace(/^--?/, '').replaceAll('-', '_');
}

/** Why a launcher would refuse an option: another one has it, or it is misspelt. Undefined where nobody can tell. */
function optionProblem(owner: OptionOwner, option: string): string | undefined {
  if (hasOption(owner, option)) return undefined;
  const near = nearOption(owner, option);
  if (near !== undefined) return `${programs[owner]} has no option \`${option}\`. Did you mean \`${near}\`?`;
  const other = optionOwners.find((name) => name !== owner && hasOption(name, option, true));
  return other === undefined
    ? undefined
    : `${programs[owner]} has no option \`${option}\`: it belongs to ${programs[other]}. Delete it.`;
}

const programs: Readonly<Record<OptionOwner, string>> = {
  mpirun: 'mpirun',
  horovodrun: 'horovodrun',
  torchrun: 'torchrun',
  deepspeed: 'deepspeed',
  accelerate: '`accelerate launch`',
  mxnet: 'launch.py',
  ray: '`ray start`',
};

/** `torchrun` and `accelerate` take `-` and `_`; all but mpirun and deepspeed’s wrappers take the beginning of a long option. */
function hasOption(owner: OptionOwner, option: string, exact = false): boolean {
  const names = namesOf(owner);
  const name = spelled(owner, option);
  if (names.includes(name)) return true;
  if (owner === 'mpirun' || exact) return false;
  if (name.startsWith('--')) return names.some((known) => known.startsWith(name));
  // `-t3`: a short option with its value.
  return names.some((known) => /^-[A-Za-z]$/.test(known) && name.startsWith(known));
}

function namesOf(owner: OptionOwner): string[] {
  const known = split.get(owner);
  if (known !== undefined) return known;
  const names = launcherOptions[owner].trim().split(/\s+/);
  split.set(owner, names);
  return names;
}
const split = new Map<OptionOwner, string[]>();

/** An option as the list of its program has it. */
function spelled(owner: OptionOwner, option: string): string {
  if (owner === 'mpirun') return option.replace(/^--?/, '');
  const isEither = owner === 'torchrun' || owner === 'accelerate';
  return isEither && option.startsWith('--') ? `--${option.slice(2).replaceAll('-', '_')}` : option;
}

/** The option of a launcher that is almost the same: one letter, or two of a long word; dashes where `_` stands. */
export function nearOption(owner: string, option: string): string | undefined {
  const own = optionOwners.find((name) => name === owner);
  if (own === undefined || option.length < 4) return undefined;
  const wanted = plainName(spelled(own, option));
  const allowed = wanted.length < 8 ? 1 : 2;
  const near = namesOf(own).find(
    (name) => name.length > 4 && editDistance(wanted, plainName(name)) <= allowed,
  );
  return near === undefined ? undefined : own === 'mpirun' ? `--${near}` : near;
}

/** The same option twice in a list, or in a list and as a key of the launch. */
function checkTwice(report: Report, launch: Path, path: Path, owner: OptionOwner | 'slurm'): void {
  const seen = new Set<string>();
  for (const { option, index } of optionsIn(report.items(path))) {
    const name = plainName(option);
    const key = Object.hasOwn(keysOf[owner], name) ? keysOf[owner][name] : undefined;
    const meaning = key ?? name;
    const written = key === undefined ? undefined : keyWritten(report, launch, owner, key);
    const place = [...path, index];
    if (seen.has(meaning) && !repeated.has(name)) {
      report.add('optionTwice', `\`${option}\` is given twice. Keep one.`, place, 'value', 'warning');
    } else if (written !== undefined) {
      const message = `\`${option}\` says the same as \`${written}:\` of this launch, and wins. Keep one of them.`;
      report.add('optionTwice', message, place, 'value', 'warning');
    }
    seen.add(meaning);
  }
}

function keyWritten(report: Report, launch: Path, owner: string, key: string): string | undefined {
  const candidates = owner === 'slurm' ? [key, `slurm.${key}`] : [key];
  return candidates.find((name) => report.text([...launch, ...name.split('.')]) !== undefined);
}

/** Open MPI 4.1 refuses an MCA parameter that is given twice, also with the same value. */
function checkMca(report: Report, launch: Path): void {
  if (report.scalar([...launch, 'launcher']) !== 'mpirun') return;
  const path = [...launch, 'mpirun', 'args'];
  const items = report.items(path);
  const seen = new Set(report.keys([...launch, 'mpirun', 'mca']));
  for (const [index, item] of items.entries()) {
    if (!/^--?mca$/.test(items[index - 1] ?? '') || item.includes('${')) continue;
    if (seen.has(item)) {
      const message = `The MCA parameter \`${item}\` is given twice, which Open MPI refuses. Keep one.`;
      report.add('mcaTwice', message, [...path, index]);
    }
    seen.add(item);
  }
}
