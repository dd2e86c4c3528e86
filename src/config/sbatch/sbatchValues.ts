import { isArray } from './sbatchArray';
import { isCpuFrequency, isGpuBinding, isGpuFrequency, isMemoryBinding } from './sbatchBindings';
import { isDependency } from './sbatchDependency';
import { memoryMegabytes } from './sbatchMemory';
import { isMoment } from './sbatchMoment';
import { isNodeListRefused, nodeRange } from './sbatchNodes';
import { int32, isCount, isTooLong, leadingNumber, wholeNumber } from './sbatchNumbers';
import { isSignal } from './sbatchSignal';
import { timeSeconds } from './sbatchTime';

export const mailTypes = [
  'NONE',
  'BEGIN',
  'END',
  'FAIL',
  'REQUEUE',
  'ALL',
  'INVALID_DEPEND',
  'STAGE_OUT',
  'TIME_LIMIT',
  'TIME_LIMIT_90',
  'TIME_LIMIT_80',
  'TIME_LIMIT_50',
  'ARRAY_TASKS',
] as const;
export const hints = ['compute_bound', 'memory_bound', 'multithread', 'nomultithread'] as const;
export const gresFlags = [
  'enforce-binding',
  'disable-binding',
  'one-task-per-sharing',
  'multiple-tasks-per-sharing',
  'allow-task-sharing',
] as const;
export const exclusiveValues = ['user', 'mcs', 'topo'] as const;
export const rlimits = [
  'CPU',
  'FSIZE',
  'DATA',
  'STACK',
  'CORE',
  'RSS',
  'NPROC',
  'NOFILE',
  'MEMLOCK',
  'AS',
] as const;

/** What is wrong with a value and what to write instead; undefined where sbatch takes it. */
type Check = (value: string) => string | undefined;

const unless =
  (isRight: (value: string) => boolean, advice: string): Check =>
  (value) =>
    isRight(value) ? undefined : advice;
const oneOf = (words: readonly string[], advice: string): Check =>
  unless((value) => words.includes(value.toLowerCase()), advice);
const free: Check = () => undefined;

/**
 * What sbatch refuses of each kind of value, whatever the site (Slurm 22.05, tried on it; words that newer releases
 * added are taken). Arrays and dependencies are refused by the controller, of every site.
 */
const checks = {
  nothing: free,
  text: free,
  path: free,
  account: free,
  partition: free,
  qos: free,
  constraint: free,
  export: free,
  gres: free,
  gpus: free,
  acctgFreq: unless(
    (value) =>
      value
        .split(',')
        .every((item) => /^[ \t\v\f\r\n]*(?:$|\d)|(?:task|energy|network|filesystem)=\d/i.test(item)),
    'Write seconds, or such as `task=30,energy=10`.',
  ),
  array: unless(isArray, 'Write indices such as `0-15`, `1,3,5`, `0-15:4` or `0-15%4`.'),
  count: unless(isCount, 'Write a whole number of 1 or more.'),
  taskCount: unless(
    (value) => isCount(value) && int32(wholeNumber(value) ?? 0n) >= 0,
    'Write a whole number of 1 or more.',
  ),
  countOrNone: unless((value) => value === '' || isFromZero(value), 'Write a whole number.'),
  zeroOne: unless(
    (value) => value === '' || (isFromZero(value) && (wholeNumber(value) ?? 2n) < 2n),
    'Write `0` or `1`.',
  ),
  nodes: unless(
    (value) => nodeRange(value) !== undefined,
    'Write a number such as `4`, or least and most such as `2-4`.',
  ),
  time: (value) => (timeSeconds(value) !== undefined || /^-\d+$/.test(value) ? undefined : timeAdvice(value)),
  memory: (value) => (memoryMegabytes(value) !== undefined ? undefined : memoryAdvice(value)),
  moment: unless(isMoment, 'Write such as `16:00`, `now+2hours` or `2026-12-31T08:00`.'),
  distribution: unless(isDistribution, 'Write such as `block`, `cyclic`, `block:cyclic` or `plane=4`.'),
  mailType: unless(
    (value) => value.split(',').some(isMailType),
    `Write such as \`END,FAIL\`. There are ${mailTypes.join(', ')}.`,
  ),
  signal: unless(
    isSignal,
    'Write such as `USR1@90` or `B:TERM@120`: a name or number, and at most 65535 seconds.',
  ),
  dependency: unless(
    isDependency,
    'Write such as `afterok:123`, `afterany:1:2` or `singleton`. Variables are not expanded here.',
  ),
  openMode: unless((value) => /^[at]/i.test(value), 'Write `append` or `truncate`.'),
  exclusive: oneOf(
    ['', 'exclusive', ...exclusiveValues],
    'Write `--exclusive` alone, or with `=user` or `=mcs`.',
  ),
  noKill: oneOf(['', 'set', 'off'], 'Write `--no-kill` alone, or with `=off`.'),
  yesNo: oneOf(['yes', 'no'], 'Write `yes` or `no`.'),
  hint: unless(
    (value) => value.split(',').every((item) => (hints as readonly string[]).includes(item.toLowerCase())),
    `Write one of ${hints.join(', ')}.`,
  ),
  gresFlags: unless(
    (value) => (gresFlags as readonly string[]).includes(value.toLowerCase()),
    'Write `enforce-binding` or `disable-binding`.',
  ),
  profile: unless(
    (value) => /none|all|energy|task|lustre|network/i.test(value),
    'Write `all`, `none`, or such as `task,energy`.',
  ),
  propagate: unless(
    (value) => value === 'ALL' || value === 'NONE' || value.split(/[, ]/).every((item) => isRlimit(item)),
    `Write \`ALL\`, \`NONE\`, or such as \`MEMLOCK,STACK\`, in capitals. There are ${rlimits.join(', ')}.`,
  ),
  cpuFreq: unless(
    isCpuFrequency,
    'Write such as `low`, `high`, `Performance`, kHz, or least and most with a `-`.',
  ),
  gpuFreq: unless(isGpuFrequency, 'Write such as `low`, `medium`, `high`, MHz, or `memory=…`.'),
  gpuBind: unless(
    isGpuBinding,
    'Write `none`, `closest`, `single:N`, `per_task:N`, `map_gpu:0,1` or `mask_gpu:0x3`.',
  ),
  memBind: unless(isMemoryBinding, 'Write such as `local`, `rank`, `none` or `map_mem:0,1`.'),
  nodesNamed: free,
  nice: unless(
    (value) => leadingNumber(value) <= 2_147_483_645n && leadingNumber(value) >= -2_147_483_645n,
    'It is at most 2147483645.',
  ),
  priority: unless(
    (value) => leadingNumber(value) >= 0n && leadingNumber(value) < 4_294_967_294n,
    'It is between 0 and 4294967293.',
  ),
  userEnv: unless(
    (value) => /^[ \t\v\f\r\n]*(?:[+-]?\d+)?(?:[sl].*)?$/is.test(value),
    'Write `--get-user-env` alone, or with seconds and `S` or `L`.',
  ),
  sockets: unless(isSockets, 'Write sockets, cores and threads such as `2:16:1`, `*` for any.'),
  switches: unless((value) => isCount(value.split('@', 1)[0] ?? ''), 'Write such as `1` or `1@12:00:00`.'),
  root: () => 'Only root may say it. Delete it.',
} satisfies Record<string, Check>;

export type ValueKind = keyof typeof checks;

/** What is wrong with a value of an option and what to write; undefined where sbatch takes it. */
export function valueFault(kind: ValueKind, value: string, long: string): string | undefined {
  if (long === 'nodelist') {
    return isNodeListRefused(value) ? 'Write names with ranges, such as `node[1-4,7]`.' : undefined;
  }
  return checks[kind](value);
}

/** Whether Slurm knows a word of `--mail-type`. Others are left out without a word. */
export function isMailType(word: string): boolean {
  return (mailTypes as readonly string[]).includes(word.toUpperCase());
}

function isFromZero(text: string): boolean {
  const value = wholeNumber(text);
  return value !== undefined && value >= 0n && !isTooLong(value);
}

function isRlimit(item: string): boolean {
  return item === '' || (rlimits as readonly string[]).includes(item.replace(/^RLIMIT_/, ''));
}

function isDistribution(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower.startsWith('plane')) return /^plane=0*[1-9]\d*$/.test(lower);
  if (lower === 'arbitrary' || lower === 'pack' || lower === 'nopack') return true;
  const [levels = '', flag, ...more] = lower.split(',');
  if (more.length > 0 || (flag !== undefined && !['', 'pack', 'nopack'].includes(flag))) return false;
  const [nodes = '', ...sockets] = levels.split(':');
  if (sockets.length === 0 && nodes === '') return false;
  if (sockets.length === 0 && nodes === 'arbitrary') return true;
  return (
    sockets.length <= 2 &&
    ['', '*', 'block', 'cyclic'].includes(nodes) &&
    sockets.every((level) => ['', '*', 'block', 'cyclic', 'fcyclic'].includes(level))
  );
}

function isSockets(text: string): boolean {
  return text
    .split(':')
    .slice(0, 3)
    .every((part) => /^(?:|\*.*|\d+[km]?(?:-\d*[km]?)?)$/i.test(part));
}

function timeAdvice(value: string): string {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(d|h|m|min|s)\w*$/i.exec(value) ?? [];
  const advice = 'Write minutes, `hours:minutes:seconds` or `days-hours:minutes:seconds`';
  if (number === undefined || number.includes('.') || unit === undefined) return `${advice}.`;
  return `${advice}: here \`${plainTime(Number(number), unit)}\`.`;
}

/** The time that a person means by `24h`, as sbatch wants it. */
export function plainTime(count: number, unit: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const letter = unit.toLowerCase();
  if (letter.startsWith('d')) return `${count}-00:00:00`;
  if (letter.startsWith('h')) return `${two(count)}:00:00`;
  return letter.startsWith('s') ? `00:00:${two(count)}` : `${count}`;
}

function memoryAdvice(value: string): string {
  const [, number, unit] = /^(\d+)\s*([kmgt])i?b?$/i.exec(value) ?? [];
  const advice = 'Write a whole number and K, M, G or T';
  if (number !== undefined && unit !== undefined)
    return `${advice}: here \`${number}${unit.toUpperCase()}\`.`;
  return `${advice}, such as \`64G\`; \`1.5G\` is \`1536M\`.`;
}
