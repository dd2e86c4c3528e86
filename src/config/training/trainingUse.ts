import type { LauncherName } from '../model';

/** Hosts, GPUs and words of a launch that runs with a training configuration. What is undefined is not known. */
export interface TrainingLaunch {
  name: string;
  launcher?: LauncherName | undefined;
  /** The hosts it runs on, in order. */
  hosts?: readonly TrainingHost[] | undefined;
  /** Hosts, and GPUs on each of them, as the launch itself says. */
  nodes?: number | undefined;
  gpus?: number | undefined;
  /** The words of its command, parameters filled in; undefined for a word that is known only when it runs. */
  words?: readonly (string | undefined)[] | undefined;
}

export interface TrainingHost {
  name: string;
  slots?: number | undefined;
  gpus?: number | undefined;
}

/** What is known of the use of a training configuration. */
export interface TrainingUse {
  /** The launches whose `config:` names the file. */
  launches?: readonly TrainingLaunch[] | undefined;
}
