import { readFileSync } from 'node:fs';

/**
 * When a process started, in clock ticks since boot as /proc/PID/stat has it (field 22, proc(5)); undefined when
 * there is no such process or it is a zombie.
 */
export function startTimeOf(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field, the command's name, may hold blanks and parentheses: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

/**
 * Whether the process is there that had this start time; an empty one was noted on a system without /proc, where only the
 * id can be asked for.
 */
export function isSameProcess(pid: number, startTime: string): boolean {
  if (startTime !== '') return startTimeOf(pid) === startTime;
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
