import type { PreflightCheck } from '../../config/model';

/** One thing that was found on one host. */
export interface Finding {
  check: PreflightCheck;
  /** An error stops the launch; a warning is told and stored with the run; a note only stored. */
  severity: 'error' | 'warning' | 'note';
  host: string;
  /** What is wrong, without the host's name: equal reasons of several hosts are told once. */
  reason: string;
  /** An imperative sentence. */
  nextStep?: string;
  /** The port that is in use, and by whom as far as the host tells. */
  port?: BusyPort;
  /** Code of the error that it was, for choosing a button. */
  code?: string;
}

/** A port that somebody listens on. */
export interface BusyPort {
  port: number;
  /** `python3, pid 812`; empty where the host does not tell. */
  owner: string;
}

/** What a host had counted before the run began, so that a rise can be told later. */
export interface Baseline {
  boot: string;
  /** Processes the kernel has killed for lack of memory since the boot. */
  oomKills: number;
}

export interface PreflightResult {
  findings: Finding[];
  /** By host name. */
  baselines: Record<string, Baseline>;
}
