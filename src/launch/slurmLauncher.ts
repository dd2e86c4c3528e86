import { RankwiseError } from '../base/errors';
import type { HostModel } from '../config/model';
import type { Plan, PlanFile, PlanWorker, TagStyle } from './plan';
import { planBase } from './planBase';
import { hostDirectory } from './runDirectory';
import { hasSlurmOption, sbatchOptions, slurmOptionsOf, tasksPerNode } from './slurmDirectives';
import linkScript from './slurmLink.sh';
import { batchScript, srunLine, submitScript, taskRankScript, taskScript } from './slurmScripts';
import { factsOf, userEnvironment, workdirOf, type LaunchSpec } from './spec';

/** Least seconds between two questions to the controller where the cluster does not say. */
const POLL_SECONDS = 30;

/** What a job does once Slurm has started it. */
export interface SlurmBody {
  /** Shell lines of the job script, see {@link batchScript}. */
  lines: readonly string[];
  /** Further files of the run's directory; `path` is below `<login>/`. */
  files: readonly Omit<PlanFile, 'host'>[];
  np: number;
  workers: PlanWorker[];
  notes: readonly string[];
}

/**
 * A job of one `srun`: each task runs the command and keeps its own log and records in the run's directory, which the
 * compute nodes share with the login node. The user's own sbatch script is {@link import('./slurmOwnScript').planOwnScript}.
 * @throws RankwiseError `launch.noLogin`, `launch.slurmOption`.
 */
export function planSlurm(spec: LaunchSpec): Plan {
  const login = loginOf(spec);
  const options = slurmOptionsOf(spec);
  const expected = expectedTasks(spec);
  const isArray = options.array !== undefined || hasSlurmOption(options.args, 'array', 'a');
  const perNode = tasksPerNode(spec, options);
  return planSlurmJob(spec, {
    lines: [srunLine(spec, options.srun)],
    files: [
      { path: 'rank.sh', mode: 0o700, content: taskRankScript(spec) },
      { path: 'task.sh', mode: 0o700, content: taskScript(spec, login.name) },
    ],
    np: expected ?? 0,
    workers:
      isArray || expected === undefined
        ? []
        : Array.from({ length: expected }, (_, rank) => ({
            id: `${login.name}/${rank}`,
            host: login.name,
            localIndex: rank,
            rank,
          })),
    notes: [
      ...(perNode !== undefined && options.ntasksPerNode === undefined
        ? [`--ntasks-per-node=${perNode}: one task for each GPU of a node.`]
        : []),
      'Each task writes to a log of its own; the job script only carries its own messages and those of srun.',
      'CUDA_VISIBLE_DEVICES is left to Slurm.',
    ],
  });
}

/**
 * The plan of a job whose body somebody else gives (Ray inside an allocation). One process on the login node hands the
 * job to Slurm; everything else runs inside the job.
 * @throws RankwiseError as {@link planSlurm}.
 */
export function planSlurmJob(spec: LaunchSpec, body: SlurmBody): Plan {
  const login = loginOf(spec);
  const { args } = slurmOptionsOf(spec);
  const isArray = slurmOptionsOf(spec).array !== undefined || hasSlurmOption(args, 'array', 'a');
  const home = factsOf(spec, login.name)?.home ?? `<home on ${login.name}>`;
  const directory = `${home}/${hostDirectory(spec.run, login.name)}`.replaceAll('%', '%%');
  const ownFiles = hasSlurmOption(args, 'output', 'o') || hasSlurmOption(args, 'error', 'e');
  const options = sbatchOptions(spec, {
    output: `${directory}/batch${isArray ? '-%a' : ''}.log`,
    'open-mode': 'append',
  });
  const submit = submitScript(spec, login.name, {
    args: [],
    scriptName: 'job.sbatch',
    env: {},
    before: [],
    links: ownFiles,
  });
  const files: Omit<PlanFile, 'host'>[] = [
    { path: 'job.sbatch', mode: 0o700, content: batchScript(spec, login.name, options, body.lines) },
    ...body.files,
    ...(ownFiles ? [LINK_FILE] : []),
  ];
  return submission(spec, submit, files, {
    hasRecords: true,
    np: body.np,
    workers: body.workers,
    notes: [...userEnvironment(spec).notes, ...body.notes],
  });
}

/** `link.sh`, which follows output that goes elsewhere. */
export const LINK_FILE: Omit<PlanFile, 'host'> = { path: 'link.sh', mode: 0o700, content: linkScript };

/** The plan around `submit.sh`. */
export function submission(
  spec: LaunchSpec,
  submit: string,
  files: readonly Omit<PlanFile, 'host'>[],
  job: {
    hasRecords: boolean;
    np: number;
    workers: PlanWorker[];
    notes: readonly string[];
    /** How lines of the job's own log say who printed them. Default: `none`. */
    tags?: TagStyle;
  },
): Plan {
  const login = loginOf(spec);
  const base = planBase(spec, [login]);
  const placed = [...files, { path: 'submit.sh', mode: 0o700, content: submit }];
  return {
    ...base,
    files: placed.map((file) => ({ ...file, host: login.name, path: `${login.name}/${file.path}` })),
    processes: [
      {
        id: 'submit',
        host: login.name,
        role: 'launcher',
        argv: ['bash', '-l', 'submit.sh'],
        env: {},
        cwd: workdirOf(spec),
        ...(job.tags === undefined ? {} : { tags: job.tags }),
      },
    ],
    np: job.np,
    workers: job.workers,
    slurm: {
      script: `${login.name}/job.sbatch`,
      hasRecords: job.hasRecords,
      pollSeconds: spec.cluster.slurm?.pollSeconds ?? POLL_SECONDS,
    },
    notes: [
      `sbatch runs on ${login.name}. The job goes on whatever becomes of this connection, or of ${login.name}.`,
      ...spoolNotes(base),
      ...job.notes,
    ],
  };
}

/** sbatch takes the environment along, and so what is secret in it. */
function spoolNotes({ secrets }: Pick<Plan, 'secrets'>): string[] {
  if (secrets.length === 0) return [];
  const names = secrets.map(({ variable }) => variable).join(', ');
  return [
    `${names} travels with the environment of sbatch: Slurm keeps it in its spool directories until the job is over, where its administrators can read it.`,
  ];
}

/** @throws RankwiseError `launch.noLogin`. */
export function loginOf({ cluster }: LaunchSpec): HostModel {
  if (cluster.slurm !== undefined) return cluster.slurm.login;
  throw new RankwiseError('launch.noLogin', `cluster "${cluster.name}" is not a Slurm cluster`, {
    nextStep: 'Give it a login: node instead of hosts: in rankwise.yaml.',
  });
}

/** Tasks of the job (of each task of an array); undefined where the user's own arguments decide. */
function expectedTasks(spec: LaunchSpec): number | undefined {
  const options = slurmOptionsOf(spec);
  const own: [string, string?][] = [['ntasks', 'n'], ['nodes', 'N'], ['ntasks-per-node']];
  if ([...options.args, ...options.srun].length > 0) {
    const all = [...options.args, ...options.srun];
    if (own.some(([long, short]) => hasSlurmOption(all, long, short))) return undefined;
  }
  return spec.launch.np ?? (spec.launch.nodes ?? 1) * (tasksPerNode(spec, options) ?? 1);
}
