import { isSameProcess, startTimeOf } from '../base/processStart';

/** The process that launches a run. Its start time tells it from a later one of the same number. */
export interface Preparer {
  pid: number;
  /** As {@link startTimeOf}; empty on a system without /proc. */
  startTime: string;
}

/** This process, as whoever launches a run. */
export function thisPreparer(): Preparer {
  return { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
}

/** Whether the launch may still go on. */
export function isPreparing({ pid, startTime }: Preparer): boolean {
  return isSameProcess(pid, startTime);
}
