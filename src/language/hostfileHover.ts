import { readHostfile } from '../config/hostfile/readHostfile';
import { dialectNames, dialectOf } from '../config/hostfile/reading';
import type { HostfileContext } from './hostfileContext';
import { hostfileRows } from './hostfileEditsRows';
import { hostfileSetting, readersOf, settingDocumentation } from './hostfileSettings';
import { codeSpan } from './markdown';
import type { HoverText } from './types';

/** What is known of a host, and what a setting means to the programs that read the file. */
export function hostfileHover(text: string, offset: number, context: HostfileContext): HoverText | undefined {
  const row = hostfileRows(text).find(({ start, end }) => offset >= start && offset <= end);
  if (row === undefined || row.kind === 'comment' || row.kind === 'blank') return undefined;
  const { host, note } = row.values;
  if (note !== undefined && offset >= note.start) return undefined;
  if (host !== undefined && offset >= host.start && offset <= host.end) {
    const markdown = hostMarkdown(text, host.value, row, context);
    return { start: host.start, end: host.end, markdown };
  }
  const around = row.text.slice(Math.max(0, offset - row.start - 40), offset - row.start + 40);
  const middle = Math.min(40, offset - row.start);
  const left = /[A-Za-z_-]*$/.exec(around.slice(0, middle))?.[0] ?? '';
  const right = /^[A-Za-z_-]*/.exec(around.slice(middle))?.[0] ?? '';
  const setting = hostfileSetting(`${left}${right}`);
  if (setting === undefined) return undefined;
  const markdown = settingDocumentation(setting, readersOf(context));
  return { start: offset - left.length, end: offset + right.length, markdown };
}

function hostMarkdown(
  text: string,
  host: string,
  row: { start: number; end: number; values: { user?: { value: string }; port?: { value: string } } },
  context: HostfileContext,
): string {
  const known = context.hosts?.find(({ name, address }) => name === host || address === host);
  const gpus = context.use?.gpusOf?.get(host) ?? known?.gpus;
  const facts: [string, string | undefined][] = [
    ['Address', known?.address],
    ['User', row.values.user?.value ?? known?.user],
    ['Port', row.values.port?.value ?? known?.port?.toString()],
    ['Through', known?.jump],
    ['GPUs', gpus?.toString()],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`* ${name}: ${codeSpan(value)}`],
  );
  const readings = (context.use?.launchers ?? []).flatMap((launcher) => {
    const read = readHostfile(text, launcher).hosts.find(
      ({ start }) => start >= row.start && start <= row.end,
    );
    if (read === undefined) return [];
    const slots = dialectOf(launcher) === 'mpirun' ? 'as many slots as it has cores' : 'no number of slots';
    const count = read.slots === undefined ? slots : `${read.slots} ${read.slots === 1 ? 'slot' : 'slots'}`;
    return [`* ${dialectNames[dialectOf(launcher)]} reads ${codeSpan(read.host)}, ${count}`];
  });
  return [`**${codeSpan(host)}**`, '', ...lines, ...new Set(readings)].join('\n');
}
