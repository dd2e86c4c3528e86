import findSlurm from './remote/findSlurm.sh';

/** A remote script that finds Slurm's commands first; its first argument is the setup lines of the cluster. */
export function withSlurm(script: string): string {
  return findSlurm + script;
}
