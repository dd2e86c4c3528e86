/** Options of sbatch that a launch has as keys under `slurm:`, by long name. */
export const slurmKeys = {
  partition: 'partition',
  account: 'account',
  qos: 'qos',
  constraint: 'constraint',
  time: 'time',
  mem: 'mem',
  gres: 'gres',
  'cpus-per-task': 'cpusPerTask',
  'ntasks-per-node': 'ntasksPerNode',
  array: 'array',
  dependency: 'dependency',
} as const;
