import { dependencyTypes } from '../config/sbatch/sbatchDependency';
import type { SbatchOption } from '../config/sbatch/sbatchOptions';
import { signalNames } from '../config/sbatch/sbatchSignal';
import { timeWords } from '../config/sbatch/sbatchTime';
import { exclusiveValues, gresFlags, hints, mailTypes, rlimits } from '../config/sbatch/sbatchValues';
import type { SiteFacts, SitePartition } from '../config/sbatch/siteFacts';

/** One value that may be written. */
export interface Choice {
  value: string;
  detail?: string;
}

const plain = (values: readonly string[]): Choice[] => values.map((value) => ({ value }));
const told = (values: Readonly<Record<string, string>>): Choice[] =>
  Object.entries(values).map(([value, detail]) => ({ value, detail }));

/** Codes of file names, as far as they are used. */
export const fileCodes: Readonly<Record<string, string>> = {
  '%j': 'number of the job',
  '%x': 'name of the job',
  '%A': 'number of the array',
  '%a': 'index in the array',
  '%N': 'first node',
  '%n': 'number of the node within the job',
  '%t': 'rank of the task',
  '%s': 'number of the step',
  '%u': 'name of the person',
  '%J': 'job and step',
};

/** Values of a kind that do not depend on the site. */
const fixed: Partial<Record<SbatchOption['kind'], Choice[]>> = {
  mailType: plain(mailTypes),
  hint: plain(hints),
  gresFlags: plain(gresFlags),
  exclusive: plain(exclusiveValues),
  openMode: told({
    append: 'goes on in the file, for jobs that are requeued',
    truncate: 'begins the file anew',
  }),
  noKill: told({ off: 'a failed node ends the job' }),
  yesNo: plain(['yes', 'no']),
  zeroOne: told({ 0: 'starts when one node is up', 1: 'starts when all nodes are up' }),
  distribution: told({
    block: 'fills a node before the next',
    cyclic: 'deals the tasks out in turn',
    'plane=2': 'deals them out in blocks of this size',
    arbitrary: 'as the list of nodes says',
    'block:block': 'also fills a socket before the next',
    'block:cyclic': 'deals out between the sockets',
  }),
  time: told({
    '00:30:00': '30 minutes',
    '01:00:00': '1 hour',
    '04:00:00': '4 hours',
    '12:00:00': '12 hours',
    '1-00:00:00': '1 day',
    '2-00:00:00': '2 days',
  }),
  signal: [
    ...told({
      'USR1@90': 'to the tasks, 90 s before the end; what Lightning waits for',
      'B:USR1@90': 'to the script alone',
    }),
    ...plain(signalNames),
  ],
  dependency: dependencyTypes.map((type) => ({ value: type === 'singleton' ? type : `${type}:` })),
  gpuBind: told({
    none: 'every task sees all GPUs of its job',
    closest: 'GPUs near its CPUs',
    'single:1': 'one GPU each',
    'per_task:1': 'one GPU each',
  }),
  gpuFreq: plain(['low', 'medium', 'high']),
  cpuFreq: plain(['low', 'medium', 'high', 'Performance', 'OnDemand']),
  memBind: plain(['local', 'rank', 'none']),
  profile: plain(['all', 'none', 'energy', 'task', 'lustre', 'network']),
  propagate: plain(['ALL', 'NONE', ...rlimits]),
  export: told({ ALL: 'everything, the default', NONE: 'nothing; the login environment is read' }),
  moment: plain(['now+1hour', 'tomorrow', 'midnight', '20:00']),
};

/** Values of a kind that the site says. */
const ofSite: Partial<Record<SbatchOption['kind'], (site: SiteFacts) => Choice[]>> = {
  partition: ({ partitions = [] }) =>
    partitions.map((partition) => ({ value: partition.name, detail: partitionText(partition) })),
  account: ({ accounts = [] }) => plain(accounts),
  qos: ({ qos = [] }) => plain(qos),
  constraint: ({ features = [] }) => plain(features),
  nodesNamed: ({ nodes = [] }) => plain(nodes),
  gres: ({ partitions = [] }) => unique(partitions.flatMap(({ gres }) => gres)),
  gpus: ({ partitions = [] }) =>
    unique(
      partitions.flatMap(({ gres }) =>
        gres.filter((one) => one.startsWith('gpu:')).map((one) => one.slice('gpu:'.length)),
      ),
    ),
};

const outputNames = told({
  '%x-%j.out': 'name and number of the job',
  '%A_%a.out': 'array and index',
  '%j-%N.out': 'number and first node',
});

/** The values to choose from for an option at a site. */
export function choicesOf({ kind, long }: SbatchOption, site: SiteFacts = {}): Choice[] {
  if (long === 'output' || long === 'error') return outputNames;
  return ofSite[kind]?.(site) ?? fixed[kind] ?? [];
}

/** `4 nodes, 4 GPUs each, up to 2 days`. */
export function partitionText({ nodes, gpus, maxTime, isUp }: SitePartition): string {
  const parts = [
    `${nodes} node${nodes === 1 ? '' : 's'}`,
    ...(gpus > 0 ? [`${gpus} GPU${gpus === 1 ? '' : 's'} each`] : []),
  ];
  return [
    ...parts,
    maxTime === Infinity ? 'no time limit' : `up to ${timeWords(maxTime)}`,
    ...(isUp ? [] : ['down']),
  ].join(', ');
}

function unique(values: string[]): Choice[] {
  return plain([...new Set(values)]);
}
