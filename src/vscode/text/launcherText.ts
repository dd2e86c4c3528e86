import type { LauncherName } from '../../config/model';

/** A launcher in rows and hovers. */
interface LauncherText {
  /** A codicon. */
  icon: string;
  /** How it starts the processes, one sentence. */
  does: string;
}

const texts: Readonly<Record<LauncherName, LauncherText>> = {
  ssh: { icon: 'vm-connect', does: 'Starts one process per slot over SSH, with rank and world size set.' },
  mpirun: { icon: 'server-process', does: 'Open MPI starts the ranks, from the head on all hosts.' },
  horovodrun: { icon: 'sync', does: "Horovod's launcher starts the ranks, over gloo or Open MPI." },
  torchrun: { icon: 'flame', does: 'One torchrun agent per host starts its workers, and starts them again.' },
  deepspeed: { icon: 'zap', does: "DeepSpeed's launcher starts the ranks from the head." },
  accelerate: { icon: 'dashboard', does: 'One `accelerate launch` per host starts its processes.' },
  mxnet: { icon: 'circuit-board', does: 'A scheduler, parameter servers and workers of MXNet.' },
  ray: { icon: 'type-hierarchy', does: 'A Ray cluster for this run alone; the command is its driver.' },
  slurm: { icon: 'list-ordered', does: 'A job of Slurm: queued, run and ended by its controller.' },
};

export function launcherText(launcher: LauncherName): LauncherText {
  return texts[launcher];
}
