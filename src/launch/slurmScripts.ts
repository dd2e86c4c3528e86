import { quote, quoteAll, quotePath } from '../ssh/quote';
import { interpreter, renderJob } from './jobScript';
import { hostDirectory } from './runDirectory';
import { directives, hasSlurmOption } from './slurmDirectives';
import { userEnvironment, workdirOf, factsOf, type LaunchSpec } from './spec';

/** Shell text of the run's directory, the same on the login node and the compute nodes. */
export function shellDirectory(spec: Pick<LaunchSpec, 'run'>, login: string): string {
  return quotePath(`~/${hostDirectory(spec.run, login)}`);
}

/**
 * The job script: directives, records of its own (`batch.start`, `batch.exit`), environment, setup lines, then the body.
 * @param args options of sbatch.
 * @param body shell lines. `$RUN` is the run's directory; MASTER_ADDR and MASTER_PORT are set; the status of the last
 * line is the job's.
 */
export function batchScript(
  spec: LaunchSpec,
  login: string,
  args: readonly string[],
  body: readonly string[],
): string {
  const { env } = userEnvironment(spec);
  return `${[
    '#!/bin/bash -l',
    ...directives(args),
    '#',
    `# The job of launch ${oneComment(spec.launch.name)}, run ${spec.run}. By hand:  sbatch job.sbatch`,
    '',
    `RUN=${shellDirectory(spec, login)}`,
    'export RUN',
    `export RANKWISE_RUN_ID=${quote(spec.run)} RANKWISE_HOST=${quote(login)}`,
    'unset RANKWISE_ROLE RANKWISE_PROCESS_ROLE',
    ...BATCH_RECORDS,
    '',
    ...MEETING_POINT,
    ...Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`),
    `cd -- ${quotePath(workdirOf(spec))} || exit`,
    ...(spec.cluster.setup.length === 0 ? [] : ['', '# setup', ...spec.cluster.setup]),
    '',
    '# command',
    ...body,
  ].join('\n')}\n`;
}

/** A name in a comment stays on its line. */
function oneComment(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}

/**
 * Records of the batch script, as worker.sh keeps them for the tasks. The traps keep bash alive until its child has
 * ended, so that the end is written down when Slurm asks the job to end.
 */
const BATCH_RECORDS = [
  '',
  '# records for whoever follows the run',
  'rankwise_id=batch${SLURM_ARRAY_TASK_ID:+-$SLURM_ARRAY_TASK_ID}',
  'rankwise_attempt=$((${SLURM_RESTART_COUNT:-0} + 1))',
  'rankwise_record() { (umask 077 && cat >"$RUN/.$rankwise_id.$1") && mv "$RUN/.$rankwise_id.$1" "$RUN/$rankwise_id.$1"; }',
  'rankwise_now() { date +%s.%N | grep -x "[0-9]*[.][0-9]*" || date +%s; }',
  'rankwise_exit() {',
  '  printf \'code=%s\\nepoch=%s\\nattempt=%s\\n\' "$1" "$(rankwise_now)" "$rankwise_attempt" | rankwise_record exit',
  '}',
  "trap 'rankwise_exit $?' EXIT",
  'trap : INT TERM',
  'rm -f "$RUN/$rankwise_id.exit"',
  "printf 'pid=%s\\njob=%s\\nnode=%s\\nattempt=%s\\nepoch=%s\\n' \\",
  '  $$ "${SLURM_JOB_ID-}" "${SLURMD_NODENAME-}" "$rankwise_attempt" "$(rankwise_now)" | rankwise_record start',
];

/**
 * The batch script runs on the first node, so that node's name is where the workers meet. The port is below the range
 * that outgoing connections get theirs from, differs from job to job, and is free at this moment.
 */
const MEETING_POINT = [
  '# where the workers meet',
  'export MASTER_ADDR=${SLURMD_NODENAME:-$(uname -n)}',
  'export MASTER_PORT=$((20000 + ${SLURM_JOB_ID:-0} % 12000))',
  'while grep -qi ":$(printf %04X "$MASTER_PORT") " /proc/net/tcp /proc/net/tcp6 2>/dev/null; do',
  '  MASTER_PORT=$((MASTER_PORT + 1))',
  'done',
  '# srun does not take this over from sbatch by itself since Slurm 22.05',
  'if [ -n "${SLURM_CPUS_PER_TASK-}" ]; then export SRUN_CPUS_PER_TASK=$SLURM_CPUS_PER_TASK; fi',
];

/** Proves, in each task, that its node sees the run's directory, before anything is written there. */
const TASK_DOOR = [
  'if [ -r "$1/rank.sh" ]; then exec sh "$1/rank.sh"; fi',
  'echo "rankwise: $(uname -n) does not see $1. Compute nodes and login node must share the home directory." >&2',
  'exit 1',
].join('\n');

/** The `srun` line of a generated job: one recorder per task, whose end ends the others unless they are to be kept. */
export function srunLine({ launch }: LaunchSpec, args: readonly string[]): string {
  const own = hasSlurmOption(args, 'kill-on-bad-exit', 'K');
  const kill = own ? [] : [`--kill-on-bad-exit=${launch.onWorkerExit === 'stop' ? 1 : 0}`];
  const env = hasSlurmOption(args, 'export') ? [] : ['--export=ALL'];
  return `srun ${quoteAll([...kill, ...env, ...args])} sh -c ${quote(TASK_DOOR)} sh "$RUN"`;
}

/** `rank.sh`, run once per task: names the worker and hands over to the recorder. */
export function taskRankScript(spec: LaunchSpec): string {
  return `${[
    '#!/bin/sh',
    `# Started by srun once per task of launch ${oneComment(spec.launch.name)}, run ${spec.run}.`,
    'cd -- "$(dirname -- "$0")" || exit',
    '# Tasks of this node, from a list such as 2(x3),1.',
    'tasks_here() {',
    '  node=${SLURM_NODEID:-0} rest=${SLURM_STEP_TASKS_PER_NODE:-1},',
    '  while [ -n "$rest" ]; do',
    '    part=${rest%%,*} rest=${rest#*,} times=1',
    '    case $part in *x*) times=${part##*x} times=${times%)} ;; esac',
    '    [ "$node" -lt "$times" ] && { echo "${part%%(*}"; return; }',
    '    node=$((node - times))',
    '  done',
    '}',
    'RANK=$SLURM_PROCID LOCAL_RANK=$SLURM_LOCALID NODE_RANK=$SLURM_NODEID',
    'WORLD_SIZE=${SLURM_STEP_NUM_TASKS:-$SLURM_NTASKS} LOCAL_WORLD_SIZE=$(tasks_here)',
    `RANKWISE_RUN_ID=${quote(spec.run)}`,
    'export RANK LOCAL_RANK NODE_RANK WORLD_SIZE LOCAL_WORLD_SIZE RANKWISE_RUN_ID',
    'id=${SLURM_ARRAY_TASK_ID:+$SLURM_ARRAY_TASK_ID-}$SLURM_PROCID',
    'ln -sf task.sh "$id.sh"',
    'exec sh ./worker.sh "$id" task',
  ].join('\n')}\n`;
}

/** `task.sh`: the user's command for one task, in a login shell after the setup lines. */
export function taskScript(spec: LaunchSpec, login: string): string {
  return renderJob({
    title: `One task of launch ${oneComment(spec.launch.name)}, run ${spec.run}: the job alone.`,
    env: userEnvironment(spec).env,
    workdir: workdirOf(spec),
    setup: spec.cluster.setup,
    command: spec.launch.command,
    hasBash: factsOf(spec, login)?.hasBash ?? true,
  });
}

/** What {@link submitScript} needs to know. */
export interface Submission {
  /** Arguments of sbatch before the script. */
  args: readonly string[];
  /** Name under which sbatch sees the script, which is the job's name where nothing else gives one. */
  scriptName: string;
  env: Readonly<Record<string, string>>;
  /** Further shell lines before sbatch; `$run` is the run's directory. */
  before: readonly string[];
  /** Link the files the job writes to into the run's directory, by `link.sh`. */
  links: boolean;
}

/**
 * `submit.sh`: hands the job to Slurm, once, and leaves in `job` its id, and where Slurm's commands were found after
 * the setup lines, for those who ask about it later without them. Its log has sbatch's own words.
 */
export function submitScript(spec: LaunchSpec, login: string, submission: Submission): string {
  const { args, scriptName, env, before, links } = submission;
  const words = quoteAll(['--parsable', ...args]);
  const script =
    scriptName === 'job.sbatch'
      ? ['script=$run/job.sbatch']
      : [
          `(umask 077 && mkdir -p "$run/script") && ln -sf ../job.sbatch "$run/script/"${quote(scriptName)} || exit`,
          `script=$run/script/${quote(scriptName)}`,
        ];
  const hasBash = factsOf(spec, login)?.hasBash ?? true;
  return renderJob({
    title: `Submits the job of run ${spec.run}, once. By hand:  ${interpreter(hasBash).join(' ')} submit.sh`,
    env,
    workdir: workdirOf(spec),
    setup: spec.cluster.setup,
    command: [
      `run=${shellDirectory(spec, login)}`,
      'if [ -s "$run/job" ]; then echo "submitted before:"; cat "$run/job"; exit 0; fi',
      'unset RANKWISE_ROLE RANKWISE_PROCESS_ROLE',
      ...before,
      ...script,
      `answer=$(sbatch ${words} "$script") || exit`,
      'case $answer in',
      "[0-9]*';'*) id=${answer%%';'*} cluster=${answer#*';'} ;;",
      '[0-9]*) id=$answer cluster= ;;',
      '*) echo "sbatch gave no job id: $answer"; exit 1 ;;',
      'esac',
      'sbatch=$(command -v sbatch)',
      '(umask 077 && printf \'id=%s\\ncluster=%s\\nbin=%s\\nconf=%s\\n\' "$id" "$cluster" "${sbatch%/*}" "${SLURM_CONF-}" >"$run/.job") &&',
      '  mv "$run/.job" "$run/job" || exit',
      'echo "Submitted job $id."',
      ...(links ? ['sh "$run/link.sh" "$id"', 'true'] : []),
    ].join('\n'),
    hasBash,
  });
}
