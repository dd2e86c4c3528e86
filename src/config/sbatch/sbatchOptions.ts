import type { ValueKind } from './sbatchValues';

export interface SbatchOption {
  long: string;
  short?: string;
  /** Whether a value must, may or cannot follow. One that may follows only with `=`. */
  takes: 'value' | 'optional' | 'nothing';
  kind: ValueKind;
  /** The first release that has it; absent where 22.05 has it. */
  since?: string;
  /** The last release that has it. */
  until?: string;
  /** Another spelling of this option. */
  same?: string;
  /** One line, for completion and hover. Markdown. */
  about: string;
}

type Row = [spelling: string, kind: ValueKind, about: string, more?: Partial<SbatchOption>];

const optional = { takes: 'optional' } as const;

/** The options of sbatch 22.05, in the order of its manual, and those that came until 25.11. */
const rows: Row[] = [
  ['account A', 'account', 'The account (project) that is charged.'],
  ['acctg-freq', 'acctgFreq', 'Seconds between samples of what the job uses: `30`, or `task=30,energy=10`.'],
  [
    'array a',
    'array',
    'Submits one job per index, such as `0-15%4` (four at a time). Each has SLURM_ARRAY_TASK_ID.',
  ],
  ['batch', 'text', 'Features of the node that runs the script itself; some of `--constraint`.'],
  ['bb', 'text', 'What the job needs of a burst buffer.'],
  ['bbf', 'text', 'A file that says what the job needs of a burst buffer.'],
  ['begin b', 'moment', 'Not to start before: `16:00`, `now+1hour`, `2026-12-31T08:00`.'],
  [
    'chdir D',
    'path',
    'The directory in which the script starts, and from which relative output files count. Not expanded.',
  ],
  ['cluster', 'text', 'The same as `--clusters`.', { same: 'clusters' }],
  ['cluster-constraint', 'text', 'Features a cluster of a federation must have; `!` in front: must not.'],
  ['clusters M', 'text', 'Clusters to choose from; the one where the job starts earliest takes it.'],
  ['comment', 'text', 'A remark that is stored with the job.'],
  [
    'consolidate-segments',
    'nothing',
    'Packs the parts of `--segment` as closely as can be.',
    { since: '25.05' },
  ],
  ['constraint C', 'constraint', 'Features the nodes must have: `a100`, `ib&a100`, `[rack1|rack2]`.'],
  ['container', 'text', 'Path of an OCI bundle in which the job runs.'],
  ['container-id', 'text', 'Name of an OCI container in which the job runs.', { since: '23.02' }],
  ['context', 'text', 'SELinux context of the job.'],
  ['contiguous', 'nothing', 'Only nodes that lie side by side.'],
  ['core-spec S', 'countOrNone', 'Cores of each node that are kept from the job for the system.'],
  ['cores-per-socket', 'count', 'Only nodes with at least this many cores per socket.'],
  ['cpu-freq', 'cpuFreq', 'Frequency of the CPUs: `low`, `high`, `Performance`, kHz, or a range.'],
  ['cpus-per-gpu', 'count', 'CPUs for each GPU. Not together with `--cpus-per-task`.'],
  [
    'cpus-per-task c',
    'taskCount',
    'CPUs for each task; data loaders and threads share them. Since 22.05 srun no longer takes it over: pass `--cpus-per-task=$SLURM_CPUS_PER_TASK`.',
  ],
  ['deadline', 'moment', 'The job is removed if it cannot end before this moment.'],
  ['delay-boot', 'time', 'How long to wait for nodes that have the features before others are rebooted.'],
  ['dependency d', 'dependency', 'Starts after other jobs: `afterok:123`, `afterany:1:2`, `singleton`.'],
  [
    'distribution m',
    'distribution',
    'Which rank runs where: `block` fills a node first, `cyclic` deals out in turn, `plane=N`.',
  ],
  [
    'error e',
    'path',
    'File for stderr; without it stderr goes where stdout does. `%j` job, `%A_%a` array, `%x` name, `%N` node.',
  ],
  ['exclude x', 'nodesNamed', 'Nodes the job must not get: `node[3,7]`.'],
  ['exclusive', 'exclusive', 'No other job on the nodes. The memory is still what `--mem` says.', optional],
  [
    'export',
    'export',
    'Variables that the job takes over: `ALL` (default), `NONE`, or names and `NAME=value`.',
  ],
  ['export-file', 'text', 'A file, or the number of an open one, with `NAME=value` parts ended by NUL.'],
  ['extra', 'text', 'Free text stored with the job, which a site may filter nodes by.', { since: '23.02' }],
  ['extra-node-info B', 'sockets', 'Least `sockets:cores:threads` of a node, `*` for any.'],
  ['get-user-env', 'userEnv', 'Reads the environment that a fresh login would have.', optional],
  ['gid', 'root', 'Group under which the job runs. For root alone.'],
  [
    'gpu-bind',
    'gpuBind',
    'Which GPUs a task sees: `closest`, `single:N`, `per_task:N`, `map_gpu:…`, `none`. NCCL works best with `none`.',
  ],
  ['gpu-freq', 'gpuFreq', 'Clock of the GPUs: `low`, `high`, MHz, `memory=…`.'],
  ['gpus G', 'gpus', 'GPUs of the whole job: `8`, `a100:8`.'],
  ['gpus-per-node', 'gpus', 'GPUs of each node: `4`, `a100:4`.'],
  ['gpus-per-socket', 'gpus', 'GPUs of each socket; needs `--sockets-per-node`.'],
  [
    'gpus-per-task',
    'gpus',
    'GPUs of each task. Each task then sees its own alone; needs `--ntasks`, `--gpus` or `--nodes`.',
  ],
  ['gres', 'gres', 'Generic resources of **each node**: `gpu:4`, `gpu:a100:2`.'],
  ['gres-flags', 'gresFlags', 'How GPUs and CPUs belong together: `enforce-binding`, `disable-binding`.'],
  ['help h', 'nothing', 'Prints help; in a script it does nothing.'],
  ['hint', 'hint', 'How tasks are bound: `compute_bound`, `memory_bound`, `multithread`, `nomultithread`.'],
  ['hold H', 'nothing', 'Submits the job held; `scontrol release` lets it start.'],
  ['ignore-pbs', 'nothing', '`#PBS` and `#BSUB` lines are not read.'],
  ['input i', 'path', 'File for stdin; default /dev/null.'],
  ['job-name J', 'text', 'Name of the job, `%x` in file names.'],
  ['kill-on-invalid-dep', 'yesNo', 'Whether the job is removed when its dependency can never be fulfilled.'],
  ['licenses L', 'text', 'Licences the job holds: `matlab:2`.'],
  ['mail-type', 'mailType', 'When to send mail: `END,FAIL`, `ALL`, `TIME_LIMIT_80`, `ARRAY_TASKS`.'],
  ['mail-user', 'text', 'Who gets the mail; default the person who submits.'],
  ['mcs-label', 'text', 'Label of a multi-category security group.'],
  [
    'mem',
    'memory',
    'Memory of **each node**: `64G`; megabytes without a unit, whole numbers alone. `0` is all of it.',
  ],
  ['mem-bind', 'memBind', 'Which memory of a node a task uses: `local`, `rank`, `none`.'],
  ['mem-per-cpu', 'memory', 'Memory for each CPU. Not together with `--mem`.'],
  ['mem-per-gpu', 'memory', 'Memory for each GPU. Not together with `--mem`.'],
  ['mincpus', 'count', 'Only nodes with at least this many CPUs.'],
  ['network', 'text', 'What the interconnect shall give; its words are the switch’s.'],
  ['nice', 'nice', 'Lowers the priority by this much; below zero for operators alone.', optional],
  ['no-kill k', 'noKill', 'The job goes on if one of its nodes fails.', optional],
  ['no-requeue', 'nothing', 'Never starts the job a second time.'],
  ['nodefile F', 'text', 'A file with the names of the nodes.'],
  ['nodelist w', 'nodesNamed', 'Nodes the job must get, and more if `--nodes` says so: `node[1-4]`.'],
  [
    'nodes N',
    'nodes',
    'How many nodes: `4`, or least and most `2-4`. The command to run starts on the first alone: `srun` starts it everywhere.',
  ],
  ['ntasks n', 'taskCount', 'Tasks that `srun` starts in all, and the world size of most programs.'],
  ['ntasks-per-core', 'count', 'At most this many tasks per core.'],
  ['ntasks-per-gpu', 'count', 'Tasks for each GPU. Not together with `--ntasks-per-node`.'],
  [
    'ntasks-per-node',
    'count',
    'Tasks of each node: one per GPU for Lightning and torch DDP, 1 for Ray and torchrun.',
  ],
  ['ntasks-per-socket', 'count', 'At most this many tasks per socket.'],
  ['ntasks-per-tres', 'count', 'The same as `--ntasks-per-gpu`.', { same: 'ntasks-per-gpu' }],
  [
    'oom-kill-step',
    'text',
    'Whether the whole step is killed when one task runs out of memory.',
    { since: '24.05', ...optional },
  ],
  [
    'open-mode',
    'openMode',
    '`append` keeps what the output file holds, as a job needs that is requeued; or `truncate`.',
  ],
  [
    'output o',
    'path',
    'File for stdout; default slurm-%j.out. `%j` job, `%A_%a` array, `%x` name, `%N` node. Its directory must exist.',
  ],
  ['overcommit O', 'nothing', 'More tasks than CPUs may run.'],
  ['oversubscribe s', 'nothing', 'Other jobs may run on the same CPUs.'],
  ['parsable', 'nothing', 'sbatch prints the number of the job alone.'],
  [
    'partition p',
    'partition',
    'Where the job waits: a set of nodes with limits of its own. Several: the first that is free.',
  ],
  ['power', 'text', 'Flags of power management.', { until: '23.11' }],
  ['prefer', 'constraint', 'Features that the nodes should have.'],
  ['priority', 'priority', 'A priority of one’s own; for operators alone.'],
  [
    'profile',
    'profile',
    'What is sampled into HDF5 files: `all`, `energy`, `task`, `lustre`, `network`, `none`.',
  ],
  [
    'propagate',
    'propagate',
    'Limits (`ulimit`) the job takes over: `ALL`, `NONE`, or such as `MEMLOCK,STACK`.',
    optional,
  ],
  ['qos q', 'qos', 'Quality of service: a set of limits and a priority.'],
  ['quiet Q', 'nothing', 'sbatch says errors alone.'],
  ['reboot', 'nothing', 'Reboots the nodes first.'],
  ['requeue', 'nothing', 'May be started again after a node failed or another job took its place.'],
  ['reservation', 'text', 'Uses nodes that are reserved under this name.'],
  ['resv-ports', 'text', 'Reserves ports for the job.', { since: '24.11', ...optional }],
  ['segment', 'count', 'Nodes of one part that must lie together in the network.', { since: '24.05' }],
  [
    'signal',
    'signal',
    'Sends a signal before the time is over: `USR1@90` to the tasks, `B:USR1@90` to the script alone.',
  ],
  ['sockets-per-node', 'count', 'Only nodes with at least this many sockets.'],
  ['spread-job', 'nothing', 'Over as many nodes as possible.'],
  ['spread-segments', 'nothing', 'Each part of `--segment` on another block.', { since: '25.05' }],
  [
    'stepmgr',
    'nothing',
    'Steps are managed on the first node rather than by the controller.',
    { since: '24.05' },
  ],
  ['switches', 'switches', 'At most this many switches, and how long to wait for that: `1@12:00:00`.'],
  ['tasks-per-node', 'count', 'The same as `--ntasks-per-node`.', { same: 'ntasks-per-node' }],
  ['test-only', 'nothing', 'Asks whether and when the job would start, and submits nothing.'],
  ['thread-spec', 'count', 'Threads of each node that are kept from the job for the system.'],
  ['threads-per-core', 'count', 'Only nodes with this many threads per core; `1` uses one of each.'],
  [
    'time t',
    'time',
    'Time limit: minutes, `minutes:seconds`, `h:mm:ss`, `days-hours`, `d-hh:mm:ss`. When it is over the job is killed.',
  ],
  ['time-min', 'time', 'The time limit may be lowered to this if the job then starts earlier.'],
  ['tmp', 'memory', 'Only nodes with at least this much on their temporary disk.'],
  [
    'tres-bind',
    'text',
    'How tasks and resources belong together, such as `gres/gpu:closest`.',
    { since: '23.02' },
  ],
  ['tres-per-task', 'text', 'Resources of each task: `gres/gpu:1,cpu=8`.', { since: '23.02' }],
  ['uid', 'root', 'Person under whom the job runs. For root alone.'],
  ['usage', 'nothing', 'Prints a summary; in a script it does nothing.'],
  ['use-min-nodes', 'nothing', 'Of a range of nodes, the least.'],
  ['verbose v', 'nothing', 'sbatch says more.'],
  ['version V', 'nothing', 'Prints the version; in a script it does nothing.'],
  ['wait W', 'nothing', 'sbatch ends when the job does, with its exit code.'],
  ['wait-all-nodes', 'zeroOne', '`1` starts the script only when all nodes are up.'],
  ['wckey', 'text', 'A label for accounting.'],
  ['wrap', 'text', 'A command instead of a script; in a script it does nothing.'],
];

/** Every option, by its long name. */
export const sbatchOptions: ReadonlyMap<string, SbatchOption> = new Map(
  rows.map(([spelling, kind, about, more]) => {
    const [long = '', short] = spelling.split(' ');
    const takes = kind === 'nothing' ? 'nothing' : 'value';
    return [long, { long, ...(short !== undefined && { short }), takes, kind, about, ...more }];
  }),
);

/** Every option that has one, by its letter. */
export const shortOptions: ReadonlyMap<string, SbatchOption> = new Map(
  [...sbatchOptions.values()].flatMap((option) =>
    option.short === undefined ? [] : [[option.short, option]],
  ),
);

/** Options that plug-ins of many sites add (Pyxis, Shifter, Singularity, AUKS, X11 and others): unknown to Slurm itself. */
export const plugInOptions: ReadonlySet<string> = new Set([
  'auks',
  'bcast-image',
  'beeond',
  'container-env',
  'container-image',
  'container-mount-home',
  'container-mounts',
  'container-name',
  'container-remap-root',
  'container-save',
  'container-workdir',
  'container-writable',
  'image',
  'module',
  'no-container-entrypoint',
  'no-container-mount-home',
  'no-container-remap-root',
  'reverse',
  'singularity-image',
  'ccrfs',
  'uenv',
  'view',
  'volume',
  'x11',
]);

/** Options of srun or salloc that sbatch refuses. */
export const stepOptions: ReadonlySet<string> = new Set([
  'accel-bind',
  'bcast',
  'bell',
  'compress',
  'cpu-bind',
  'cpu_bind',
  'epilog',
  'exact',
  'immediate',
  'interactive',
  'jobid',
  'kill-command',
  'kill-on-bad-exit',
  'label',
  'mpi',
  'multi-prog',
  'no-allocate',
  'no-bell',
  'no-shell',
  'overlap',
  'preserve-env',
  'prolog',
  'pty',
  'quit-on-interrupt',
  'relative',
  'task-epilog',
  'task-prolog',
  'threads',
  'unbuffered',
  'whole',
]);
