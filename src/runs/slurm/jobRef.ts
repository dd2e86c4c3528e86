import type { SshTarget } from '../../ssh/target';
import { parseRecord } from '../hostRecord';

/** A job that Slurm has taken, and how to ask about it. */
export interface JobRef {
  id: string;
  target: SshTarget;
  /** Name of the login node. */
  login: string;
  /** Directory of Slurm's commands, SLURM_CONF and cluster as the job was submitted with; `-` for none. */
  bin: string;
  conf: string;
  cluster: string;
}

/** Reads the file `job` that submit.sh leaves. @returns undefined where it is not there (yet). */
export function parseJobFile(
  text: string | undefined,
  login: { name: string; target: SshTarget },
): JobRef | undefined {
  const record = parseRecord(text ?? '');
  const id = record.get('id');
  if (id === undefined || !/^\d+$/.test(id)) return undefined;
  const given = (key: string): string => {
    const value = record.get(key);
    return value === undefined || value === '' ? '-' : value;
  };
  return {
    id,
    target: login.target,
    login: login.name,
    bin: given('bin'),
    conf: given('conf'),
    cluster: given('cluster'),
  };
}
