import { lastMatch, type Recogniser } from './evidence';

/** Words of Open MPI 4 (help-rmaps-base.txt, help-errmgr-base.txt, help-plm-base.txt, help-mpi-api.txt of its sources). */
export const notEnoughSlots: Recogniser = ({ lines }) => {
  if (
    lastMatch(lines, /There are not enough slots available in the system to satisfy the (\d+)/) === undefined
  )
    return undefined;
  const wanted = lastMatch(
    lines,
    /There are not enough slots available in the system to satisfy the (\d+)/,
  )?.[1];
  return {
    code: 'notEnoughSlots',
    what: `mpirun found too few slots for ${wanted === undefined ? 'the' : `the ${wanted}`} processes`,
    todo: 'Lower np, raise `slots` in the hostfile, or add `--oversubscribe` to the arguments of mpirun.',
  };
};

export const noRoute: Recogniser = ({ lines }) => {
  const match = lastMatch(
    lines,
    /(?:orte|oob|btl|mca|pmix).*no route|A process or daemon was unable to (?:complete|establish)|has been unable to (?:communicate|route)/i,
  );
  if (match === undefined) return undefined;
  const peer = lastMatch(lines, /(?:Remote host|peer|Node):\s+(\S+)/)?.[1];
  return {
    code: 'noRoute',
    what: `mpirun's daemons cannot reach each other${peer === undefined ? '' : ` (${peer})`}`,
    todo: 'Choose the network that all hosts share (`mca: { oob_tcp_if_include: …, btl_tcp_if_include: … }`), and see whether a firewall is between.',
  };
};

export const daemonLost: Recogniser = ({ lines }) => {
  const match = lastMatch(
    lines,
    /ORTE (?:was unable to reliably start one or more daemons|has lost communication with a remote daemon|daemon has unexpectedly failed)|orted: (?:command )?not found|An ORTE daemon has unexpectedly failed/,
  );
  if (match === undefined) return undefined;
  const isMissing = lastMatch(lines, /orted: (?:command )?not found/) !== undefined;
  return {
    code: isMissing ? 'daemonMissing' : 'daemonLost',
    what: isMissing
      ? 'Open MPI is not on the PATH of a shell without a login on some host (orted: not found)'
      : 'mpirun could not start its daemon on some host, or lost it',
    todo: isMissing
      ? 'Put Open MPI on the PATH in ~/.bashrc there, or give mpirun its `--prefix`.'
      : 'See which host is unreachable or was rebooted; mpirun reaches the others by SSH from the first host.',
  };
};

export const mpiAbort: Recogniser = ({ lines }) => {
  const match = lastMatch(lines, /MPI_ABORT was invoked on rank (\d+)/);
  return match === undefined
    ? undefined
    : {
        code: 'mpiAbort',
        what: `rank ${match[1] ?? '?'} ended the whole job by MPI_ABORT`,
        todo: 'Read the last lines of that rank.',
      };
};
