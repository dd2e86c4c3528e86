/** What Slurm's commonest reasons for waiting mean, in words. Names as `squeue` prints them (slurm.schedmd.com, job_reason_codes). */
const REASONS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^None$/, 'the scheduler has not looked at it yet'],
  [/^Priority$/, 'jobs with a higher priority stand before it'],
  [/^Resources$/, 'it is next, and waits until enough nodes are free'],
  [/^Dependency$/, 'it waits for another job'],
  [/^DependencyNeverSatisfied$/, 'the job it waits for failed, so it will never start; stop it'],
  [/^BeginTime$/, 'its earliest start has not come yet'],
  [/^JobHeldUser$/, 'it is held; release it with scontrol release'],
  [/^JobHeldAdmin$/, 'an administrator holds it'],
  [/^JobArrayTaskLimit$/, 'as many tasks of the array run as it allows at once'],
  [/^ReqNodeNotAvail/, 'a node it asks for is not available (down, drained or reserved)'],
  [/^(Nodes?Down|.*nodes? .*DOWN.*)/i, 'nodes it needs are down, drained or reserved'],
  [/^PartitionNodeLimit$/, 'it asks for more nodes than the partition allows; stop it and ask for fewer'],
  [/^PartitionTimeLimit$/, 'it asks for more time than the partition allows; stop it and ask for less'],
  [/^PartitionConfig$/, 'the partition cannot give what it asks for; stop it and ask for less'],
  [/^Partition(Down|Inactive)$/, 'the partition is down'],
  [/^BadConstraints$/, 'no node has what its constraints ask for'],
  [/^Reservation/, 'it waits for its reservation'],
  [/^Licenses$/, 'it waits for a licence'],
  [/^QOSMax.*PerUser/, 'you already use as much as this QOS allows one user'],
  [/^QOSMax/, 'it asks for more than this QOS allows at once'],
  [/^QOSGrp/, 'everybody in this QOS together uses as much as it allows'],
  [/^QOS/, 'a limit of the QOS holds it back'],
  [/^AssocMax/, 'a limit of your account for one user or job holds it back'],
  [/^AssocGrp/, 'your account as a whole uses as much as it may'],
  [/^Assoc/, 'a limit of your account holds it back'],
  [/^InvalidAccount$/, 'its account is not valid'],
  [/^InvalidQOS$/, 'its QOS is not valid'],
  [/^Cleaning$/, 'what it left on the nodes is being cleaned up before it starts again'],
  [
    /launch.failed.requeued.held/,
    'it could not start on a node and is held; release it with scontrol release',
  ],
  [/^JobLaunchFailure$/, 'it could not start on a node'],
];

/** No reason is longer; patterns with several gaps take very long for a line without end. */
const longestReason = 2000;

/** `Priority: jobs with a higher priority stand before it`; an unknown reason stands alone. */
export function pendingReason(said: string): string {
  const reason = said.slice(0, longestReason);
  const words = REASONS.find(([pattern]) => pattern.test(reason))?.[1];
  if (reason === 'None' && words !== undefined) return words;
  return words === undefined ? reason : `${reason}: ${words}`;
}
