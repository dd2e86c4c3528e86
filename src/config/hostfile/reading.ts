import type { LaunchModel, LauncherName } from '../model';
import type { Severity } from '../problem';

/** A host as one program reads it. */
export interface ReadHost {
  /** As that program knows it: Open MPI cuts a name at its first dot, and calls every name of its own machine `localhost`. */
  host: string;
  user: string | undefined;
  /** As written; no program looks at it before ssh does. */
  port: string | undefined;
  /** Undefined where the file leaves it open: Open MPI then counts the cores of the machine. */
  slots: number | undefined;
  /** Offsets of the host's first word. */
  start: number;
  end: number;
}

/** Something about a hostfile, by offsets. An `error` means that the program refuses the file. */
export interface HostfileFinding {
  code: string;
  severity: Severity;
  message: string;
  start: number;
  end: number;
}

/** What one program makes of a single line, with offsets from its start, before it is held against other lines. */
export interface LineReading {
  hosts: readonly ReadHost[];
  findings: readonly HostfileFinding[];
}

/** A host or finding of a line that starts at an offset. */
export function movedBy<Placed extends { start: number; end: number }>(placed: Placed, by: number): Placed {
  return { ...placed, start: placed.start + by, end: placed.end + by };
}

/** What one program makes of a hostfile. With an error among the findings, it reads no host at all. */
export interface DialectReading {
  hosts: ReadHost[];
  /** In the order of the file. */
  findings: HostfileFinding[];
}

/** The programs that read hostfiles each in their own way; all others get what Rankwise read. */
export const hostfileDialects = ['rankwise', 'mpirun', 'horovodrun', 'deepspeed', 'mxnet'] as const;
export type HostfileDialect = (typeof hostfileDialects)[number];

/** What people call the program of a dialect. */
export const dialectNames: Record<HostfileDialect, string> = {
  mpirun: 'Open MPI',
  horovodrun: 'horovodrun',
  deepspeed: 'DeepSpeed',
  mxnet: 'launch.py',
  rankwise: 'Rankwise',
};

/**
 * The launcher whose reading of a hostfile counts for a launch: its own, but where Rankwise starts the processes of MXNet itself, no
 * launch.py sees the file.
 */
export function hostfileReader({ launcher, mxnet }: LaunchModel): LauncherName {
  return launcher === 'mxnet' && mxnet.launchPy === undefined ? 'ssh' : launcher;
}

/** Whose rules a hostfile follows with a launcher. */
export function dialectOf(launcher: LauncherName): HostfileDialect {
  switch (launcher) {
    case 'mpirun':
    case 'horovodrun':
    case 'deepspeed':
    case 'mxnet':
      return launcher;
    case 'ssh':
    case 'torchrun':
    case 'accelerate':
    case 'ray':
    case 'slurm':
      return 'rankwise';
  }
}
