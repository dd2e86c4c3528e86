/** Whether sbatch takes a value of `--gpu-bind` (Slurm 22.05): it looks at the beginning of a word alone. */
export function isGpuBinding(text: string): boolean {
  const value = text.toLowerCase().replace(/^verbose,/, '');
  if (/^(?:closest|none|single:|per_task:)/.test(value)) return true;
  if (value.startsWith('map_gpu:')) {
    return listItems(value).every((item) => /^(?:0x[0-9a-f]*|\d*)(?:\*\d*)?$/.test(item));
  }
  return (
    value.startsWith('mask_gpu:') &&
    listItems(value).every((item) => /^(?:0x)?[0-9a-f]*(?:\*\d*)?$/.test(item))
  );
}

/** Whether sbatch takes a value of `--gpu-freq` (Slurm 22.05). */
export function isGpuFrequency(text: string): boolean {
  if (text === '') return false;
  return text
    .split(',')
    .every((item) => /^(?:|verbose|(?:memory=)?(?:low|medium|high|highm1|\d+))$/.test(item));
}

/** From the least to the most, as Slurm counts them; `highm1` is a step below `high` and yet counts as more. */
const speeds = ['low', 'medium', 'high', 'highm1'];

/** Whether sbatch takes a value of `--cpu-freq` (Slurm 22.05); which governors a site allows is its own matter. */
export function isCpuFrequency(text: string): boolean {
  const dash = text.indexOf('-');
  const colon = text.indexOf(':');
  const first = text.slice(0, dash === -1 ? (colon === -1 ? text.length : colon) : dash);
  if (dash === -1) return (isFrequency(first) && colon === -1) || (isGovernor(first) && colon === -1);
  const last = text.slice(dash + 1, colon === -1 ? text.length : colon);
  if (!isFrequency(first) || !isFrequency(last)) return false;
  if (colon !== -1 && !isGovernor(text.slice(colon + 1))) return false;
  return !isBefore(last, first);
}

function isFrequency(text: string): boolean {
  return /^0*[1-9]/.test(text) || speeds.some((speed) => text.toLowerCase().startsWith(speed));
}

function isGovernor(text: string): boolean {
  return /^(?:co|ond|pe|po|sch|us)/i.test(text);
}

function isBefore(one: string, other: string): boolean {
  const rank = (text: string): number =>
    speeds.findLastIndex((speed) => text.toLowerCase().startsWith(speed));
  if (/^\d/.test(one) !== /^\d/.test(other)) return false;
  return /^\d/.test(one) ? Number.parseInt(one, 10) < Number.parseInt(other, 10) : rank(one) < rank(other);
}

const memoryWords = new Set([
  'q',
  'quiet',
  'v',
  'verbose',
  'no',
  'none',
  'nosort',
  'p',
  'prefer',
  'sort',
  'local',
  'rank',
]);

/** Whether sbatch takes a value of `--mem-bind` (Slurm 22.05). */
export function isMemoryBinding(text: string): boolean {
  let inList: RegExp | undefined;
  return text
    .toLowerCase()
    .split(/[,;]/)
    .every((item) => {
      if (inList?.test(item) === true) return true;
      inList = undefined;
      const [, kind, first] = /^(map|mask)_mem[:=](.*)$/.exec(item) ?? [];
      if (first === undefined) return memoryWords.has(item);
      inList = kind === 'map' ? /^\d+(?:\*\d+)?$/ : /^(?:0x)?[0-9a-f]+(?:\*\d+)?$/;
      return inList.test(first);
    });
}

function listItems(value: string): string[] {
  return value.slice(value.indexOf(':') + 1).split(',');
}
