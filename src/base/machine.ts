import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A machine since it was switched on: what makes the number of a process mean something. */
export interface Machine {
  name: string;
  /** As the kernel has it (random(4)): another one after each boot; empty on a system without /proc. */
  boot: string;
}

/** This machine. Containers on one kernel have a name each. */
export function thisMachine(): Machine {
  return { name: hostname(), boot: bootId() };
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}
