import { thisMachine, type Machine } from '../base/machine';
import { isSameProcess, startTimeOf } from '../base/processStart';

/** The process that launches a run. Its start time tells it from a later one of the same number. */
export interface Preparer {
  pid: number;
  /** As {@link startTimeOf}; empty on a system without /proc. */
  startTime: string;
  /** Where the process is, as machines may share the state directory. Absent in older files: this machine. */
  machine?: Machine | undefined;
}

/** This process, as whoever launches a run. */
export function thisPreparer(): Preparer {
  return { pid: process.pid, startTime: startTimeOf(process.pid) ?? '', machine: thisMachine() };
}

/**
 * Whether the launch may still go on. A process on another machine cannot be looked at: it may, until that machine itself
 * finds it gone or a person stops the run. A machine that has booted since has lost all its processes.
 */
export function isPreparing({ pid, startTime, machine }: Preparer): boolean {
  const here = thisMachine();
  if (machine === undefined) return isSameProcess(pid, startTime);
  if (machine.name !== here.name) return true;
  return machine.boot === here.boot && isSameProcess(pid, startTime);
}
