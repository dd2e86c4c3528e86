import type { Evidence, Reason, Recogniser } from './evidence';
import * as log from './logReasons';
import * as memory from './memoryReasons';
import { rankUnknown } from './rankUnknown';
import * as mpirun from './mpirunReasons';

/** Every reason that is known, the surer and more particular ones first. */
const RECOGNISERS: readonly Recogniser[] = [
  memory.killedByStop,
  memory.killedForMemory,
  rankUnknown,
  log.hostKeyFailed,
  log.publicKeyRefused,
  memory.cudaOutOfMemory,
  mpirun.notEnoughSlots,
  log.moduleMissing,
  log.importFailed,
  log.addressInUse,
  log.diskFull,
  memory.busError,
  log.ncclTimeout,
  mpirun.noRoute,
  mpirun.daemonLost,
  log.commandNotFound,
  log.notExecutable,
  memory.killed,
  memory.segmentationFault,
  log.abortedAtExit,
  log.connectionRefused,
  mpirun.mpiAbort,
  log.pythonTraceback,
];

/** Why a process failed, or undefined where nothing that is known shows it. Pure. */
export function reasonOf(evidence: Evidence): Reason | undefined {
  for (const recognise of RECOGNISERS) {
    const reason = recognise(evidence);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
