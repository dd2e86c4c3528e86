import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isSameProcess, startTimeOf } from './processStart';

/** Names one process for ever, in files that several machines may read. Its start time tells it from a later one of the same number. */
export interface ProcessMark {
  pid: number;
  /** As {@link startTimeOf}; empty on a system without /proc. */
  startTime: string;
  /** Absent in older files: this machine. */
  machine?: Machine | undefined;
}

interface Machine {
  /** Containers on one kernel have a name each. */
  name: string;
  /** As the kernel has it (random(4)), another one after each boot; empty on a system without /proc. */
  boot: string;
}

export function thisProcess(): ProcessMark {
  return {
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    machine: { name: hostname(), boot: bootId() },
  };
}

/**
 * Whether the process may be there still. One on another machine cannot be looked at: it may, until that machine itself
 * finds it gone. A machine that has booted since has lost all its processes.
 */
export function mayLive({ pid, startTime, machine }: ProcessMark): boolean {
  if (machine !== undefined && machine.name !== hostname()) return true;
  return (machine === undefined || machine.boot === bootId()) && isSameProcess(pid, startTime);
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}
